"""COBOL with JCL, Fortran, Pascal, SQL and Visual Basic, from the scanner to the edges."""

from __future__ import annotations

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_cobol_programs_paragraphs_and_jobs() -> None:
    linked = link_sources(
        {
            "jobs/night.jcl": """\
                //NIGHT    JOB 1
                //POST     EXEC PGM=POSTER
                //SORTED   EXEC PGM=SORT
                //LIST     EXEC LISTING
                """.replace("                //", "//"),
            "procs/LISTING.jcl": "//LISTING  PROC\n//PRINT    EXEC PGM=LISTER\n//         PEND\n",
            "src/poster.cbl": """\
       IDENTIFICATION DIVISION.
       PROGRAM-ID. Poster.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  NEXT-PROGRAM PIC X(8) VALUE 'LISTER'.
           COPY TOTALS.
       PROCEDURE DIVISION.
       FIRST-PART SECTION.
       MAIN-PARA.
           PERFORM second-para
           CALL 'LISTER'
           CALL 'NOTHERE'
           PERFORM COPIED-PARA.
       OTHER-PART SECTION.
       SECOND-PARA.
           DISPLAY FUNCTION TRIM('x').
""",
            "src/lister.cob": "       PROGRAM-ID. LISTER.\n       PROCEDURE DIVISION.\n       RUN-IT.\n           GOBACK.\n",
            "copy/totals.cpy": "       COPIED-PARA.\n           DISPLAY 'x'.\n",
        }
    )
    found = calls(linked)
    main = "src.poster.Poster.FIRST-PART.MAIN-PARA"
    assert found[main] == [
        "NOTHERE",
        "copy.totals.COPIED-PARA",
        "src.lister.LISTER",
        "src.poster.Poster.OTHER-PART.SECOND-PARA",
    ]
    assert confidence(linked, main, "src.lister.LISTER") is Confidence.EXACT
    assert found["src.poster.Poster.OTHER-PART.SECOND-PARA"] == ["<builtin>.trim"]
    assert found["jobs.night.NIGHT.POST"] == ["src.poster.Poster"]
    assert found["jobs.night.NIGHT.SORTED"] == ["SORT"]
    assert found["jobs.night.NIGHT.LIST"] == ["procs.LISTING.LISTING"]
    assert found["procs.LISTING.LISTING.PRINT"] == ["src.lister.LISTER"]
    assert ("src.poster", "copy.totals") in edges(linked, EdgeKind.IMPORTS)


def test_cobol_variable_names_a_program_by_a_guess() -> None:
    linked = link_sources(
        {
            "a.cbl": "       PROGRAM-ID. A.\n       PROCEDURE DIVISION.\n       P.\n           MOVE 'B' TO WHAT\n"
            "           CALL WHAT\n"
            "           CALL UNSAID.\n",
            "b.cbl": "       PROGRAM-ID. B.\n",
        }
    )
    assert confidence(linked, "a.A.P", "b.B") is Confidence.INFERRED
    assert linked.unresolved == {"a.cbl": 1}


def test_fortran_modules_types_and_externals() -> None:
    linked = link_sources(
        {
            "shapes.f90": """
                module Shapes
                  type :: base
                  contains
                    procedure :: Draw => draw_base
                  end type
                  type, extends(base) :: Circle
                  contains
                    procedure :: draw => draw_circle
                  end type
                  interface area
                    module procedure area_of_circle
                  end interface
                contains
                  subroutine draw_base(self)
                    class(base) :: self
                  end subroutine
                  subroutine draw_circle(self)
                    class(circle) :: self
                    call self%base_part()
                  end subroutine
                  real function area_of_circle(c)
                    type(circle) :: c
                    area_of_circle = max(1.0, 2.0)
                  end function
                end module
                """,
            "tools.f90": "module tools\n use shapes\nend module\n",
            "main.f90": """
                program main
                  use tools
                  use shapes, only: size_of => area_of_circle
                  use elsewhere, only: helper
                  type(CIRCLE) :: c
                  real :: x(3)
                  call c%draw()
                  call DRAW_BASE(c)
                  print *, area(c), size_of(c), x(1)
                  call legacy(x)
                  call helper()
                end program
                """,
            "old/legacy.f": "      SUBROUTINE LEGACY(X)\n      REAL X(3)\n      CALL UNKNOWN(X,\n     1  X(1))\n      END\n",
        }
    )
    found = calls(linked)
    assert found["main.main"] == [
        "elsewhere.helper",
        "old.legacy.LEGACY",
        "shapes.Shapes.area",
        "shapes.Shapes.area_of_circle",
        "shapes.Shapes.draw_base",
        "shapes.Shapes.draw_circle",
    ]
    assert confidence(linked, "main.main", "shapes.Shapes.draw_circle") is Confidence.EXACT
    assert confidence(linked, "main.main", "old.legacy.LEGACY") is Confidence.INFERRED
    assert found["shapes.Shapes.area_of_circle"] == ["<builtin>.max"]
    assert ("shapes.Shapes.area", "shapes.Shapes.area_of_circle") in edges(linked, EdgeKind.REFERENCES)
    assert ("shapes.Shapes.Circle", "shapes.Shapes.base") in edges(linked, EdgeKind.INHERITS)
    assert ("main", "tools") in edges(linked, EdgeKind.IMPORTS)
    assert linked.unresolved["old/legacy.f"] == 1


def test_pascal_units_classes_and_inheritance() -> None:
    linked = link_sources(
        {
            "Base.pas": """
                unit Base;
                interface
                type
                  TBase = class
                    procedure Save; virtual;
                  end;
                procedure Tell(const Text: string);
                implementation
                procedure TBase.Save;
                begin
                  TELL('saved');
                end;
                procedure Tell(const Text: string);
                begin
                  WriteLn(Text);
                end;
                end.
                """,
            "Orders.pas": """
                unit Orders;
                interface
                uses base, SysUtils;
                type
                  TOrder = class(TBase)
                    FNext: TOrder;
                    constructor Create;
                    procedure Save; override;
                  end;
                implementation
                constructor TOrder.Create;
                begin
                end;
                procedure TOrder.Save;
                var Other: TOrder;
                begin
                  inherited Save;
                  FNext.Save;
                  Other := TOrder.Create;
                  Base.Tell(Format('%d', [1]));
                end;
                end.
                """,
        }
    )
    found = calls(linked)
    assert found["Base.TBase.Save"] == ["Base.Tell"]
    assert found["Base.Tell"] == ["<builtin>.writeln"]
    assert found["Orders.TOrder.Save"] == [
        "Base.TBase.Save",
        "Base.Tell",
        "Orders.TOrder.Create",
        "Orders.TOrder.Save",
        "format",
    ]
    assert confidence(linked, "Orders.TOrder.Save", "Base.TBase.Save") is Confidence.EXACT
    assert confidence(linked, "Orders.TOrder.Save", "format") is Confidence.INFERRED
    assert edges(linked, EdgeKind.OVERRIDES) == {("Orders.TOrder.Save", "Base.TBase.Save")}


def test_sql_packages_tables_and_schemas() -> None:
    linked = link_sources(
        {
            "api.pks": "CREATE PACKAGE api IS\n  PROCEDURE run(p NUMBER);\nEND;\n/\n",
            "api.pkb": """
                CREATE PACKAGE BODY api IS
                  PROCEDURE run(p NUMBER) IS
                  BEGIN
                    UPDATE Sales.Orders SET state = UPPER('x');
                    log_it;
                  END;
                  PROCEDURE log_it IS BEGIN NULL; END;
                END;
                /
                """,
            "tables.sql": 'create table "SALES"."ORDERS" (id number);\ncreate view open_orders as select * from orders;\n',
            "proc.sql": "CREATE PROCEDURE dbo.Nightly AS\nBEGIN\n  EXEC API.RUN 1\n  EXEC [dbo].[Nightly]\n"
            "  EXEC dbms_stats.gather\nEND\nGO\n",
        }
    )
    found = calls(linked)
    assert found["api.api.run"] == ["<builtin>.upper", "api.api.log_it"]
    assert found["proc.Nightly"] == ["api.api.run", "dbms_stats.gather", "proc.Nightly"]
    body = next(symbol for symbol in linked.symbols if symbol.qualified_name == "api.api.run" and symbol.path == "api.pkb")
    assert any(edge.target == body.key and edge.kind is EdgeKind.CALLS for edge in linked.edges)
    assert edges(linked, EdgeKind.REFERENCES) == {("api.api.run", "tables.ORDERS"), ("tables.open_orders", "tables.ORDERS")}


def test_visual_basic_modules_classes_and_forms() -> None:
    linked = link_sources(
        {
            "Helpers.bas": 'Attribute VB_Name = "Helpers"\n'
            "Public Sub Tell(Text)\n  MsgBox Text\nEnd Sub\nPrivate Sub Hidden()\nEnd Sub\n",
            "Order.cls": 'VERSION 1.0 CLASS\nAttribute VB_Name = "Order"\nAttribute VB_Exposed = False\n'
            "Public Sub Save()\n  tell \"x\"\n  Hidden\nEnd Sub\n",
            "Form1.frm": 'VERSION 5.00\nBegin VB.Form Form1\nEnd\nAttribute VB_Name = "Form1"\n'
            'Attribute VB_PredeclaredId = True\n'
            "Private Sub Ok_Click()\n  Dim one As New ORDER\n  one.Save\n"
            "  Call Helpers.Tell(\"y\")\n  Me.Refresh_All\nEnd Sub\n"
            "Public Sub Refresh_All()\nEnd Sub\n",
            "far/App.vb": "Public Class App\n  Inherits Order\n  Public Sub New()\n    MyBase.Save()\n  End Sub\n"
            "  Shared Function Make() As App\n    Return New App()\n  End Function\nEnd Class\n",
        }
    )  # fmt: skip
    found = calls(linked)
    assert found["Helpers.Tell"] == ["<builtin>.msgbox"]
    assert found["Order.Order.Save"] == ["Helpers.Tell"]
    assert linked.unresolved == {"Order.cls": 1}
    assert found["Form1.Form1.Ok_Click"] == ["Form1.Form1.Refresh_All", "Helpers.Tell", "Order.Order", "Order.Order.Save"]
    assert confidence(linked, "Form1.Form1.Ok_Click", "Order.Order.Save") is Confidence.EXACT
    assert found["far.App.App.New"] == ["Order.Order.Save"]
    assert found["far.App.App.Make"] == ["far.App.App.New"]
    assert edges(linked, EdgeKind.INHERITS) == {("far.App.App", "Order.Order")}
