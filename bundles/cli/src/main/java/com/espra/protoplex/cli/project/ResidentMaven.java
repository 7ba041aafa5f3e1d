package com.espra.protoplex.cli.project;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The user's own Maven in this process: its second build has no JVM to start, and finds its classes loaded and compiled. It is started as
 * {@code mvn} starts it, by the launcher and the {@code m2.conf} of its installation.
 */
final class ResidentMaven {

    private static final String LAUNCHER = "org.codehaus.plexus.classworlds.launcher.Launcher";
    private static final String MAIN = "org.apache.maven.cli.MavenCli";

    private final Object maven;
    private final Method build;
    private final ClassLoader loader;

    private ResidentMaven(Object maven, Method build, ClassLoader loader) {
        this.maven = maven;
        this.build = build;
        this.loader = loader;
    }

    /**
     * The installation of the {@code mvn} that a search path finds.
     *
     * @return empty when there is none whose parts are where they are in Maven 3
     */
    static Optional<Path> home(String searchPath) {
        return Stream.of(searchPath.split(File.pathSeparator))
                .map(folder -> Path.of(folder, "mvn"))
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(ResidentMaven::installation);
    }

    private static Optional<Path> installation(Path mvn) {
        try {
            Path home = mvn.toRealPath().resolve("../..").normalize();
            return Optional.of(home)
                    .filter(each ->
                            Files.exists(each.resolve("bin/m2.conf")) && Files.isDirectory(each.resolve("boot")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Loads it.
     *
     * @param home its installation
     * @param project whose builds it is for
     * @throws ReflectiveOperationException if it is another Maven than those that are known
     */
    static ResidentMaven load(Path home, Path project) throws IOException, ReflectiveOperationException {
        System.setProperty("maven.home", home.toString());
        System.setProperty(
                "library.jansi.path", home.resolve("lib/jansi-native").toString());
        System.setProperty("maven.multiModuleProjectDirectory", root(project).toString());
        List<URL> boot = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(home.resolve("boot"), "*.jar")) {
            for (Path jar : jars) {
                boot.add(jar.toUri().toURL());
            }
        }
        URLClassLoader loader = new URLClassLoader(boot.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Object launcher = loader.loadClass(LAUNCHER).getDeclaredConstructor().newInstance();
        launcher.getClass().getMethod("setSystemClassLoader", ClassLoader.class).invoke(launcher, loader);
        try (InputStream configuration = Files.newInputStream(home.resolve("bin/m2.conf"))) {
            launcher.getClass().getMethod("configure", InputStream.class).invoke(launcher, configuration);
        }
        Object world = launcher.getClass().getMethod("getWorld").invoke(launcher);
        ClassLoader realm = (ClassLoader)
                world.getClass().getMethod("getRealm", String.class).invoke(world, "plexus.core");
        Class<?> main = realm.loadClass(MAIN);
        return new ResidentMaven(
                main.getConstructor(world.getClass()).newInstance(world),
                main.getMethod("doMain", String[].class, String.class, PrintStream.class, PrintStream.class),
                realm);
    }

    /** Where {@code mvn} would look for {@code .mvn}. */
    private static Path root(Path project) {
        for (Path each = project; each != null; each = each.getParent()) {
            if (Files.isDirectory(each.resolve(".mvn"))) {
                return each;
            }
        }
        return project;
    }

    /**
     * Runs it.
     *
     * @param arguments as they would follow {@code mvn}
     * @throws ReflectiveOperationException if it ends with an exception of its own
     */
    ProjectBuild.Result run(Path project, List<String> arguments) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        InputStream in = System.in;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            thread.setContextClassLoader(loader);
            System.setIn(new ByteArrayInputStream(new byte[0]));
            Object status = build.invoke(maven, arguments.toArray(String[]::new), project.toString(), out, out);
            return new ProjectBuild.Result(
                    Integer.valueOf(0).equals(status),
                    said.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setIn(in);
            thread.setContextClassLoader(before);
        }
    }
}
