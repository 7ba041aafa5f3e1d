package com.espra.protoplex.test.support;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Jar;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An OSGi bundle made from Java source text while a test runs. Its manifest is made by bnd, so the annotations of Declarative
 * Services, Metatype and the bundle annotations work as in any build.
 *
 * <pre>{@code
 * Path jar = TestBundle.named("com.example.hello")
 *         .version("1.0.1")
 *         .source("package com.example.hello; public class Hello { ... }")
 *         .resource("greeting.txt", "hello")
 *         .build(folder);
 * }</pre>
 */
public final class TestBundle {

    /** What is larger is made each time: it is no code. */
    private static final int LARGE_BYTES = 1 << 20;

    private final String symbolicName;
    private String version = "1.0.0";
    private final List<String> sources = new ArrayList<>();
    private final Map<String, byte[]> resources = new TreeMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<Path> classPath = new ArrayList<>();

    private TestBundle(String symbolicName) {
        this.symbolicName = symbolicName;
    }

    /** A bundle of this symbolic name, with nothing in it yet; its version is 1.0.0. */
    public static TestBundle named(String symbolicName) {
        return new TestBundle(symbolicName);
    }

    /** The bundle's version. */
    public TestBundle version(String value) {
        version = value;
        return this;
    }

    /** Adds a compilation unit: its package and its name are read from the text. */
    public TestBundle source(String text) {
        sources.add(text);
        return this;
    }

    /** Adds a text file. */
    public TestBundle resource(String name, String content) {
        return resource(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a file. */
    public TestBundle resource(String name, byte[] content) {
        resources.put(name, content);
        return this;
    }

    /** Adds a manifest header, or an instruction of bnd. {@code Export-Package} exports what the sources hold. */
    public TestBundle header(String name, String value) {
        headers.put(name.equals(Constants.EXPORT_PACKAGE) ? Constants.EXPORT_CONTENTS : name, value);
        return this;
    }

    /** Adds a jar, or a folder of classes, to compile against; it comes before the class path of the test itself. */
    public TestBundle against(Path... jars) {
        classPath.addAll(Arrays.asList(jars));
        return this;
    }

    /**
     * Compiles and writes the jar. What was made from the very same before is taken from {@code target/test-bundles}.
     *
     * @param folder where to; created when it is missing
     * @return {@code folder/symbolic-name-version.jar}
     * @throws IllegalStateException with the compiler's or bnd's words if the bundle is not valid
     */
    public Path build(Path folder) {
        Path file = folder.resolve(symbolicName + "-" + version + ".jar");
        try {
            Files.createDirectories(folder);
            if (resources.values().stream().mapToInt(bytes -> bytes.length).sum() > LARGE_BYTES) {
                make(file);
            } else {
                BuiltJars.put(file, this::recipe, this::make);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(symbolicName + " cannot be built", e);
        }
    }

    private void recipe(DataOutputStream out) throws IOException {
        BuiltJars.text(out, symbolicName);
        BuiltJars.text(out, version);
        out.writeInt(sources.size());
        for (String source : sources) {
            BuiltJars.text(out, source);
        }
        out.writeInt(resources.size());
        for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
            BuiltJars.text(out, resource.getKey());
            BuiltJars.bytes(out, resource.getValue());
        }
        BuiltJars.text(out, headers.toString());
        BuiltJars.text(out, BuiltJars.fingerprint(classPath));
        BuiltJars.text(out, Own.FINGERPRINT);
        BuiltJars.text(out, Runtime.version().toString());
    }

    private void make(Path file) throws Exception {
        List<Path> path = new ArrayList<>(classPath);
        path.addAll(Own.CLASS_PATH);
        try (Builder builder = new Builder()) {
            Jar content = new Jar("content");
            SourceCompiler.compile(sources, path)
                    .forEach((name, bytes) -> content.putResource(name, new EmbeddedResource(bytes, 0L)));
            resources.forEach((name, bytes) -> content.putResource(name, new EmbeddedResource(bytes, 0L)));
            builder.setJar(content);
            for (Path entry : path) {
                builder.addClasspath(entry.toFile());
            }
            write(builder, file);
        }
    }

    private void write(Builder builder, Path file) throws Exception {
        builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        builder.setProperty(Constants.BUNDLE_VERSION, version);
        builder.setProperty(Constants.NOIMPORTJAVA, "true");
        builder.setProperty(Constants.REPRODUCIBLE, "true");
        builder.setProperty(Constants.NOEXTRAHEADERS, "true");
        builder.setProperty(
                Constants.IMPORT_PACKAGE,
                "org.jspecify.annotations;resolution:=optional,javax.annotation.*;resolution:=optional,*");
        headers.forEach(builder::setProperty);
        Jar jar = builder.build();
        if (!builder.getErrors().isEmpty()) {
            throw new IllegalStateException(symbolicName + ": " + builder.getErrors());
        }
        jar.write(file.toFile());
    }

    /** The class path of the test, which stays as it is while the test runs. */
    private static final class Own {

        private static final List<Path> CLASS_PATH = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        private static final String FINGERPRINT = BuiltJars.fingerprint(CLASS_PATH);
    }
}
