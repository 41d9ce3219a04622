package io.nacre.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The product's source files, parsed but not compiled. */
final class Sources {
    /** A method or a constructor by where it stands; a record is built from its components and has no constructor here. */
    record Method(String where, int lines, int parameters, boolean constructor) {}

    /** A type, by where it stands. */
    record Type(String where, String name, boolean isInterface, boolean isRecord, int abstractMethods) {}

    private final List<Method> methods = new ArrayList<>();
    private final List<Type> types = new ArrayList<>();

    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("nacre"))) {
            at = at.getParent();
        }
        return at;
    }

    /** Every hand-written Java file of the product; tests are not part of it. */
    static List<Path> product() {
        return files("/src/main/java/");
    }

    static List<Path> tests() {
        return files("/src/test/java/");
    }

    private static List<Path> files(String below) {
        try (Stream<Path> all = Files.walk(root())) {
            return all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file ->
                            file.toString().contains(below) && !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Sources parse() throws IOException {
        Sources sources = new Sources();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(product()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                sources.scan(unit, positions);
            }
        }
        return sources;
    }

    private void scan(CompilationUnitTree unit, SourcePositions positions) {
        String file = root().relativize(Path.of(unit.getSourceFile().toUri())).toString();
        LineMap lines = unit.getLineMap();
        new TreeScanner<Void, Void>() {
            private boolean inRecord;

            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                if (method.getBody() != null && positions.getStartPosition(unit, method.getBody()) >= 0) {
                    long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                    long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                    methods.add(new Method(
                            file + ":" + first + " " + method.getName(),
                            (int) (last - first) + 1,
                            method.getParameters().size(),
                            !inRecord && method.getName().contentEquals("<init>")));
                }
                return super.visitMethod(method, null);
            }

            @Override
            public Void visitClass(ClassTree type, Void unused) {
                int open = 0;
                for (Tree member : type.getMembers()) {
                    if (member instanceof MethodTree method && method.getBody() == null) {
                        open++;
                    }
                }
                types.add(new Type(
                        file,
                        type.getSimpleName().toString(),
                        type.getKind() == Tree.Kind.INTERFACE,
                        type.getKind() == Tree.Kind.RECORD,
                        open));
                boolean outer = inRecord;
                inRecord = type.getKind() == Tree.Kind.RECORD;
                super.visitClass(type, null);
                inRecord = outer;
                return null;
            }
        }.scan(unit, null);
    }

    List<Method> methods() {
        return methods;
    }

    List<Type> types() {
        return types;
    }
}
