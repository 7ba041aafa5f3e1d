package com.espra.protoplex.test.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Compiles source text in memory. */
final class SourceCompiler {

    private static final Pattern PACKAGE = Pattern.compile("\\bpackage\\s+([\\w.]+)\\s*;");
    private static final Pattern TYPE =
            Pattern.compile("(?m)(?:^|;)\\s*(?:[a-z-]+\\s+)*(?:class|interface|record|enum|@interface)\\s+(\\w+)");

    private SourceCompiler() {}

    /** Class files by their path in a jar. */
    static Map<String, byte[]> compile(List<String> sources, List<Path> classPath) throws IOException {
        if (sources.isEmpty()) {
            return Map.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(diagnostics, null, null)) {
            standard.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            MemoryFiles files = new MemoryFiles(standard);
            List<Source> units = sources.stream().map(Source::new).toList();
            if (!compiler.getTask(null, files, diagnostics, List.of("-proc:none", "-parameters"), null, units)
                    .call()) {
                throw new IllegalStateException(errors(diagnostics));
            }
            Map<String, byte[]> classes = new TreeMap<>();
            files.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    private static String errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        StringBuilder text = new StringBuilder("does not compile:");
        diagnostics.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .forEach(d -> text.append('\n').append(d));
        return text.toString();
    }

    private static String path(String text) {
        Matcher inPackage = PACKAGE.matcher(text);
        String folder = inPackage.find() ? inPackage.group(1).replace('.', '/') + "/" : "";
        Matcher type = TYPE.matcher(text);
        return folder + (type.find() ? type.group(1) : "package-info");
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///" + path(text) + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new TreeMap<>();

        MemoryFiles(JavaFileManager next) {
            super(next);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            String name = className.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    classes.put(name, bytes);
                    return bytes;
                }

                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return classes.getOrDefault(name, new ByteArrayOutputStream())
                            .toString(StandardCharsets.UTF_8);
                }
            };
        }
    }
}
