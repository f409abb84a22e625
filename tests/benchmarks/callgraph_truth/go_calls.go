// The calls of a Go project as go/types resolves them: go run go_calls.go ROOT IMPORT-PATH OUT
// Files of tests and of other systems are left out; GOPATH must hold what the project imports.

package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type project struct {
	root, path string
	fset       *token.FileSet
	outside    types.Importer
	packages   map[string]*types.Package
	files      map[string][]*ast.File
	info       *types.Info
	names      map[token.Pos]string // by the place of a name that is defined
	callers    map[string][][3]any
	calls      map[[3]string]bool
	indirect   map[string]map[int]bool
	others     map[string][]string // by an interface's method: what stands in for it
}

func (p *project) Import(path string) (*types.Package, error) {
	if path != p.path && !strings.HasPrefix(path, p.path+"/") {
		return p.outside.Import(path)
	}
	if known, ok := p.packages[path]; ok {
		return known, nil
	}
	folder := filepath.Join(p.root, strings.TrimPrefix(strings.TrimPrefix(path, p.path), "/"))
	found, err := build.Default.ImportDir(folder, 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range found.GoFiles {
		file, err := parser.ParseFile(p.fset, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: p, FakeImportC: true, Error: func(error) {}}
	checked, _ := config.Check(path, p.fset, files, p.info)
	p.packages[path], p.files[path] = checked, files
	return checked, nil
}

// walk visits a file with the name of the function around each node.
func (p *project) walk(file *ast.File, enter func(node ast.Node, name string), call func(ast.Expr, string), called func(string, string)) {
	module := strings.ReplaceAll(strings.TrimSuffix(p.relative(file.Pos()), ".go"), "/", ".")
	var inside func(root ast.Node, name string)
	inside = func(root ast.Node, name string) {
		lambdas := 0
		ast.Inspect(root, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				own := name + "." + node.Name.Name
				if node.Recv != nil && len(node.Recv.List) > 0 {
					own = name + "." + receiver(node.Recv.List[0].Type) + "." + node.Name.Name
				}
				enter(node, own)
				if node.Body != nil {
					inside(node.Body, own)
				}
				return false
			case *ast.FuncLit:
				lambdas++
				own := fmt.Sprintf("%s.<lambda%d>", name, lambdas)
				enter(node, own)
				inside(node.Body, own)
				return false
			case *ast.TypeSpec:
				enter(node, name+"."+node.Name.Name)
			case *ast.CallExpr:
				if _, ok := bare(node.Fun).(*ast.FuncLit); ok {
					called(name, fmt.Sprintf("%s.<lambda%d>", name, lambdas+1))
				}
				call(node, name)
			case *ast.CompositeLit:
				call(node, name)
			}
			return true
		})
	}
	enter(file, module)
	inside(file, module)
}

func receiver(expression ast.Expr) string {
	if name, ok := bare(expression).(*ast.Ident); ok {
		return name.Name
	}
	return "?"
}

func (p *project) relative(at token.Pos) string {
	name, _ := filepath.Rel(p.root, p.fset.Position(at).Filename)
	return filepath.ToSlash(name)
}

func (p *project) define(node ast.Node, name string) {
	switch node := node.(type) {
	case *ast.FuncDecl:
		p.names[node.Name.Pos()] = name
	case *ast.TypeSpec:
		p.names[node.Name.Pos()] = name
		if written, ok := node.Type.(*ast.InterfaceType); ok {
			for _, method := range written.Methods.List {
				for _, one := range method.Names {
					p.names[one.Pos()] = name + "." + one.Name
				}
			}
		}
		return
	}
	first, last := p.fset.Position(node.Pos()).Line, p.fset.Position(node.End()).Line
	p.callers[name] = append(p.callers[name], [3]any{p.relative(node.Pos()), first, last})
}

func (p *project) called(call ast.Expr, caller string) {
	var function ast.Expr
	switch at := call.(type) {
	case *ast.CallExpr:
		function = at.Fun
		if made, ok := function.(*ast.Ident); ok && made.Name == "new" && len(at.Args) == 1 {
			function = at.Args[0]
		}
	case *ast.CompositeLit:
		function = at.Type
	}
	function = bare(function)
	var object types.Object
	switch at := function.(type) {
	case *ast.Ident:
		object = p.info.Uses[at]
	case *ast.SelectorExpr:
		object = p.info.Uses[at.Sel]
	}
	switch object := object.(type) {
	case *types.Func:
		name, ours := p.names[object.Pos()]
		if !ours {
			break
		}
		kind := "direct"
		signature := object.Type().(*types.Signature)
		if signature.Recv() != nil && types.IsInterface(signature.Recv().Type()) {
			kind = "virtual"
			for _, other := range p.others[name] {
				p.calls[[3]string{caller, other, "override"}] = true
			}
		}
		p.calls[[3]string{caller, name, kind}] = true
	case *types.TypeName:
		if name, ours := p.names[object.Pos()]; ours {
			p.calls[[3]string{caller, name, "conversion"}] = true
		}
	case *types.Builtin, nil:
	default:
		place := p.relative(call.Pos())
		if p.indirect[place] == nil {
			p.indirect[place] = map[int]bool{}
		}
		for line := p.fset.Position(call.Pos()).Line; line <= p.fset.Position(call.End()).Line; line++ {
			p.indirect[place][line] = true
		}
	}
}

func (p *project) findOthers() {
	var interfaces, concrete []*types.Named
	for _, one := range p.packages {
		for _, name := range one.Scope().Names() {
			found, ok := one.Scope().Lookup(name).(*types.TypeName)
			if !ok || found.IsAlias() {
				continue
			}
			if named, ok := found.Type().(*types.Named); ok && types.IsInterface(named) {
				interfaces = append(interfaces, named)
			} else if ok {
				concrete = append(concrete, named)
			}
		}
	}
	for _, wanted := range interfaces {
		methods := wanted.Underlying().(*types.Interface)
		for _, named := range concrete {
			pointer := types.NewPointer(named)
			if !types.Implements(pointer, methods) {
				continue
			}
			for at := 0; at < methods.NumMethods(); at++ {
				method := methods.Method(at)
				found, _, _ := types.LookupFieldOrMethod(pointer, true, method.Pkg(), method.Name())
				if found == nil {
					continue
				}
				if name, ours := p.names[found.Pos()]; ours {
					wanted := p.names[method.Pos()]
					p.others[wanted] = append(p.others[wanted], name)
				}
			}
		}
	}
}

func main() {
	root, err := filepath.Abs(os.Args[1])
	if err != nil {
		panic(err)
	}
	fset := token.NewFileSet()
	p := &project{
		root: root, path: os.Args[2], fset: fset, outside: importer.ForCompiler(fset, "source", nil),
		packages: map[string]*types.Package{}, files: map[string][]*ast.File{},
		info:  &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}},
		names: map[token.Pos]string{}, callers: map[string][][3]any{}, calls: map[[3]string]bool{},
		indirect: map[string]map[int]bool{}, others: map[string][]string{},
	}
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			if name := entry.Name(); name == "testdata" || name == "vendor" || strings.HasPrefix(name, "_") {
				return filepath.SkipDir
			}
			inner, _ := filepath.Rel(root, path)
			p.Import(strings.TrimSuffix(p.path+"/"+filepath.ToSlash(inner), "/."))
		}
		return nil
	})
	var packages []string
	for name := range p.files {
		packages = append(packages, name)
	}
	sort.Strings(packages)
	each := func(enter func(ast.Node, string), call func(ast.Expr, string), called func(string, string)) {
		for _, name := range packages {
			for _, file := range p.files[name] {
				p.walk(file, enter, call, called)
			}
		}
	}
	each(p.define, func(ast.Expr, string) {}, func(string, string) {})
	p.findOthers()
	each(func(ast.Node, string) {}, p.called, func(caller, callee string) {
		p.calls[[3]string{caller, callee, "direct"}] = true
	})
	calls := [][3]string{}
	for call := range p.calls {
		calls = append(calls, call)
	}
	sort.Slice(calls, func(a, b int) bool { return fmt.Sprint(calls[a]) < fmt.Sprint(calls[b]) })
	indirect := map[string][]int{}
	for path, lines := range p.indirect {
		for line := range lines {
			indirect[path] = append(indirect[path], line)
		}
	}
	told, err := json.Marshal(map[string]any{"callers": p.callers, "calls": calls, "indirect": indirect})
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(os.Args[3], told, 0o644); err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stderr, len(packages), "packages")
}

// bare is an expression without parentheses, type arguments and, of a type, pointers.
func bare(expression ast.Expr) ast.Expr {
	for {
		switch at := expression.(type) {
		case *ast.ParenExpr:
			expression = at.X
		case *ast.StarExpr:
			expression = at.X
		case *ast.IndexExpr:
			expression = at.X
		case *ast.IndexListExpr:
			expression = at.X
		default:
			return expression
		}
	}
}
