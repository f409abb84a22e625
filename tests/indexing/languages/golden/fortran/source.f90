!> Shapes and what they weigh.
module shapes
  use, intrinsic :: iso_fortran_env, only: real64
  use materials, only: density => density_of
  use tracing
  implicit none
  private

  !> Anything with an area.
  type, abstract :: shape
    real(real64) :: scale = 1.0_real64
  contains
    procedure(area_of), deferred :: area
    procedure :: weigh
  end type shape

  type, extends(shape), public :: circle
    type(point) :: centre
    real(real64) :: radii(2)
  contains
    procedure :: area => circle_area
    generic :: measure => area, weigh
  end type

  interface grow
    module procedure grow_circle, grow_all
  end interface grow

  abstract interface
    function area_of(self) result(value)
      import :: shape
      class(shape), intent(in) :: self
    end function area_of
  end interface

contains

  !> The weight of a shape of one material.
  function weigh(self, name) result(weight)
    class(shape), intent(in) :: self
    character(len=*), intent(in) :: name
    real(real64) :: weight, table(10)
    call trace("weigh &
      &and call nobody()")
    table(1) = self%area() * density(name) ! call nobody()
    weight = sum(table) + local_part(table(1))
  contains
    pure elemental real(real64) function local_part(x)
      real(real64), intent(in) :: x
      local_part = max(x, 0.0_real64)
    end function
  end function weigh

  function circle_area(self) result(value)
    class(circle), intent(in) :: self
    real(real64) :: value
    value = self%radii(1) ** 2
  end function circle_area

  subroutine grow_circle(one, by)
    type(circle), intent(inout) :: one
    real(real64), value :: by
    if (by > 0) call one%centre%move(by, &
      by)
    one%radii = one%radii * by
    print *, one%area()
  end subroutine grow_circle

  recursive subroutine grow_all(all)
    type(circle), intent(inout) :: all(:)
    integer :: i
    do i = 1, size(all)
      call grow(all(i), 2.0_real64)
    end do
  end subroutine
end module shapes

submodule (shapes) details
contains
  module procedure hidden
    call grow_all(x)
  end procedure hidden
end submodule details

program main
  use shapes
  include 'limits.inc'
#include "config.h"
  external legacy
  type(circle) :: disc
  call legacy(disc%area())
  call grow(disc, 1.5d0)
end program
