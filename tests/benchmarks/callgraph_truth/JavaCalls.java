// The calls of a Java project as javac attributes them: java JavaCalls.java ROOT OUT FOLDER,… [javac option…]
// Names follow the rule of the command line; an anonymous class adds nothing to a name.

import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import javax.lang.model.element.*;
import javax.lang.model.type.*;
import javax.lang.model.util.*;
import javax.tools.*;

public class JavaCalls {
    static final class Frame {
        final String name;
        int lambdas;

        Frame(String name) {
            this.name = name;
        }
    }

    static Trees trees;
    static Elements elements;
    static Types types;
    static Path root;
    static final Map<Element, String> names = new HashMap<>();
    static final Set<Element> constructed = new HashSet<>(); // classes with a constructor that is written out
    static final Map<Element, Set<Element>> overriders = new HashMap<>();
    static final Map<String, Set<List<Object>>> callers = new TreeMap<>();
    static final Set<List<String>> calls = new LinkedHashSet<>();

    public static void main(String[] arguments) throws IOException {
        root = Path.of(arguments[0]).toRealPath();
        List<Path> files = new ArrayList<>();
        for (String folder : arguments[2].split(",")) {
            try (Stream<Path> found = Files.walk(root.resolve(folder))) {
                found.filter(path -> path.toString().endsWith(".java")).sorted().forEach(files::add);
            }
        }
        files.removeIf(path -> path.endsWith("module-info.java") || path.endsWith("package-info.java"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
        List<String> options = new ArrayList<>(List.of("-proc:none", "-Xlint:none", "-Xmaxerrs", "1"));
        options.addAll(Arrays.asList(arguments).subList(3, arguments.length));
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        JavacTask task = (JavacTask) compiler.getTask(
            null, manager, problems, options, null, manager.getJavaFileObjectsFromPaths(files));
        trees = Trees.instance(task);
        elements = task.getElements();
        types = task.getTypes();
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        task.analyze();
        for (CompilationUnitTree unit : units) new Names(unit).scan(unit, null);
        findOverriders();
        for (CompilationUnitTree unit : units) new Calls(unit).scan(unit, null);
        long errors = problems.getDiagnostics().stream().filter(one -> one.getKind() == Diagnostic.Kind.ERROR).count();
        System.err.println(units.size() + " files, " + errors + " errors");
        Files.writeString(Path.of(arguments[1]), told());
    }

    static void findOverriders() {
        for (Element type : names.keySet()) {
            if (!(type instanceof TypeElement)) continue;
            Set<TypeElement> above = new LinkedHashSet<>();
            collect((TypeElement) type, above);
            // A method that a class inherits may stand in for one of an interface of it.
            List<ExecutableElement> methods = new ArrayList<>(ElementFilter.methodsIn(type.getEnclosedElements()));
            above.forEach(base -> methods.addAll(ElementFilter.methodsIn(base.getEnclosedElements())));
            for (ExecutableElement method : methods) {
                for (TypeElement base : above) {
                    for (ExecutableElement other : ElementFilter.methodsIn(base.getEnclosedElements())) {
                        if (method != other && names.containsKey(method)
                            && other.getSimpleName().equals(method.getSimpleName())
                            && elements.overrides(method, other, (TypeElement) type)) {
                            overriders.computeIfAbsent(other, key -> new LinkedHashSet<>()).add(method);
                        }
                    }
                }
            }
        }
    }

    static void collect(TypeElement type, Set<TypeElement> above) {
        for (TypeMirror base : types.directSupertypes(type.asType())) {
            if (types.asElement(base) instanceof TypeElement found && above.add(found)) collect(found, above);
        }
    }

    /** Walks a file with the names of what is around. */
    abstract static class Walk extends TreePathScanner<Void, Void> {
        final CompilationUnitTree unit;
        final String path;
        final CharSequence text;
        final Deque<Frame> frames = new ArrayDeque<>();

        Walk(CompilationUnitTree unit) {
            this.unit = unit;
            this.path = root.relativize(Path.of(unit.getSourceFile().toUri())).toString().replace('\\', '/');
            try {
                this.text = unit.getSourceFile().getCharContent(true);
            } catch (IOException error) {
                throw new IllegalStateException(error);
            }
            frames.push(new Frame(path.substring(0, path.length() - 5).replace('/', '.')));
        }

        long start(Tree tree) {
            return trees.getSourcePositions().getStartPosition(unit, tree);
        }

        long end(Tree tree) {
            return trees.getSourcePositions().getEndPosition(unit, tree);
        }

        boolean isWritten(Tree tree) {
            return start(tree) >= 0 && end(tree) > start(tree);
        }

        void enter(Tree tree, String name, Runnable inside) {
            frames.push(new Frame(frames.peek().name + "." + name));
            entered(tree, frames.peek().name);
            inside.run();
            frames.pop();
        }

        void entered(Tree tree, String name) {}

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            if (tree.getSimpleName().length() == 0) return super.visitClass(tree, null);
            enter(tree, tree.getSimpleName().toString(), () -> super.visitClass(tree, null));
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            if (!isWritten(tree)) return null; // a constructor that the compiler adds
            boolean constructs = tree.getReturnType() == null;
            String name = constructs ? simpleName(getCurrentPath()) : tree.getName().toString();
            enter(tree, name, () -> super.visitMethod(tree, null));
            return null;
        }

        @Override
        public Void visitLambdaExpression(LambdaExpressionTree tree, Void nothing) {
            enter(tree, "<lambda" + ++frames.peek().lambdas + ">", () -> super.visitLambdaExpression(tree, null));
            return null;
        }

        static String simpleName(TreePath path) {
            for (TreePath at = path; at != null; at = at.getParentPath()) {
                if (at.getLeaf() instanceof ClassTree type) return type.getSimpleName().toString();
            }
            return "";
        }
    }

    static final class Names extends Walk {
        Names(CompilationUnitTree unit) {
            super(unit);
        }

        @Override
        void entered(Tree tree, String name) {
            Element element = trees.getElement(getCurrentPath());
            if (element != null && !(tree instanceof LambdaExpressionTree)) {
                names.put(element, name);
                if (element.getKind() == ElementKind.CONSTRUCTOR) constructed.add(element.getEnclosingElement());
            }
            LineMap lines = unit.getLineMap();
            callers.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(
                List.of(path, lines.getLineNumber(start(tree)), lines.getLineNumber(end(tree))));
        }
    }

    static final class Calls extends Walk {
        Calls(CompilationUnitTree unit) {
            super(unit);
        }

        void add(String callee, String kind) {
            if (callee != null) calls.add(List.of(frames.peek().name, callee, kind));
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            ExpressionTree select = tree.getMethodSelect();
            Element called = trees.getElement(new TreePath(getCurrentPath(), select));
            if (called instanceof ExecutableElement method) {
                if (method.getKind() == ElementKind.CONSTRUCTOR) {
                    if (names.containsKey(method) && isSaid(select)) add(names.get(method), "direct");
                } else {
                    boolean fixed = method.getModifiers().contains(Modifier.STATIC)
                        || method.getModifiers().contains(Modifier.PRIVATE)
                        || select instanceof MemberSelectTree member && member.getExpression().toString().endsWith("super");
                    add(names.get(method), fixed ? "direct" : "virtual");
                    if (!fixed) overriders.getOrDefault(method, Set.of()).forEach(one -> add(names.get(one), "override"));
                }
            }
            return super.visitMethodInvocation(tree, null);
        }

        boolean isSaid(ExpressionTree select) {
            int at = (int) start(select);
            String said = text.subSequence(Math.max(at, 0), Math.min(text.length(), Math.max(at, 0) + 5)).toString();
            return select instanceof MemberSelectTree || said.equals("super") || said.startsWith("this");
        }

        /** A constant of an enumeration may be written without a call. */
        boolean isCalled(NewClassTree tree) {
            return !tree.getArguments().isEmpty()
                || isWritten(tree) && text.subSequence((int) start(tree), (int) end(tree)).toString().contains("(");
        }

        @Override
        public Void visitNewClass(NewClassTree tree, Void nothing) {
            Element made = trees.getElement(new TreePath(getCurrentPath(), tree.getIdentifier()));
            if (made instanceof TypeElement && names.containsKey(made) && isCalled(tree)) {
                String name = names.get(made);
                add(constructed.contains(made) ? name + "." + made.getSimpleName() : name, "direct");
            }
            return super.visitNewClass(tree, null);
        }
    }

    static String told() {
        StringBuilder out = new StringBuilder("{\"callers\": {");
        out.append(callers.entrySet().stream().map(entry -> quoted(entry.getKey()) + ": ["
            + entry.getValue().stream().map(place -> "[" + quoted((String) place.get(0)) + ", " + place.get(1) + ", "
                + place.get(2) + "]").collect(Collectors.joining(", ")) + "]").collect(Collectors.joining(",\n")));
        out.append("},\n\"calls\": [");
        out.append(calls.stream().map(call -> "[" + call.stream().map(JavaCalls::quoted).collect(Collectors.joining(", "))
            + "]").collect(Collectors.joining(",\n")));
        return out.append("]}\n").toString();
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
