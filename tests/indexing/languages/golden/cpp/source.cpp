// A small store of shapes, written to show what C++ says about names.
#include <memory>
#include <vector>
#include "shapes/base.hpp"

#define SHAPES_API __attribute__((visibility("default")))
#define SHAPES_BEGIN namespace shapes {

namespace fs = std::filesystem;
using namespace geometry;
using std::string;

namespace shapes::detail {

/// What every shape can do.
class SHAPES_API Shape : public Base<int>, private events::Source {
 public:
  using Point = Pair<double>;
  enum class Side : int { Left, Right = 2 };

  explicit Shape(int sides) : Base(sides), sides_(sides) { notify(); }
  virtual ~Shape() = default;
  virtual double area(const Point& at) const = 0;
  int sides() const noexcept { return this->sides_; }
  Shape& operator=(const Shape&) = delete;
  explicit operator bool() const { return sides_ > 0; }
  static std::unique_ptr<Shape> make(int sides);

 protected:
  int sides_ = 0, *spare_;
  std::vector<std::shared_ptr<Shape>> parts_;
  void (*on_change_)(Shape*);
};

template <typename T, int N = 3>
struct Grid {
  T cells[N];
  template <typename F>
  void each(F&& visit) {
    for (auto& cell : cells) visit(cell);
  }
};

template <>
struct Grid<bool> : Grid<int>::Packed {};

namespace {
int counter = 0;
inline namespace v1 {
void count() { ++counter; }
}
}

std::unique_ptr<Shape> Shape::make(int sides) {
  auto made = std::make_unique<Square>(sides);
  made->parts_[0]->sides();
  return made;
}

}  // namespace shapes::detail

shapes::detail::Shape::Side opposite(shapes::detail::Shape::Side side);

SHAPES_API
template <typename T>
auto largest(const std::vector<T>& all, T fallback) -> T {
  T best = fallback;
  auto better = [&best](const T& one) { return one.area() > best.area(); };
  for (const auto& one : all)
    if (better(one)) best = one;
  return best;
}

TEST(shape, has_sides) {
  Square square(4);
  Square braces{4};
  Shape* shape = new Square(2);
  auto* cast = static_cast<Square*>(shape);
  cast->draw();
  (*shape).sides();
  std::move(square).draw();
  auto [first, second] = split(braces);
  try {
    fs::remove(first);
  } catch (const std::exception& error) {
    log(error.what(), second ? handle : ignore);
  }
  Shape::make(1)->sides();
  global_hook = on_failure;
}

typedef struct { int x; } point_t;
using Shapes = std::vector<shapes::detail::Shape>;
extern "C" int shape_count(void);
void (*global_hook)(int);
bool operator==(const point_t& a, const point_t& b) { return a.x == b.x; }

class Window : public QWidget {
  Q_OBJECT
  Q_PROPERTY(int size READ size)
 public:
  int size() const SHAPES_NOEXCEPT { return 1; }
};

int broken(int a) { return a + ; }
int after_the_error() { return shape_count(); }
