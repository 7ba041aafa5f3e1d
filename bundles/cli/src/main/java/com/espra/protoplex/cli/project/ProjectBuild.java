package com.espra.protoplex.cli.project;

import com.espra.protoplex.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Builds a project with the tool that it is made for.
 *
 * @param folder the project
 * @param command what builds it
 * @param output where its jar ends up
 */
public record ProjectBuild(Path folder, List<String> command, Path output) {

    /** Whether this is the folder of a project. */
    public static boolean isProject(Path folder) {
        return Files.exists(folder.resolve("pom.xml"))
                || Files.exists(folder.resolve("build.gradle"))
                || Files.exists(folder.resolve("build.gradle.kts"));
    }

    /**
     * Finds out how a project is built.
     *
     * @throws CliException with status 2 if that cannot be told
     */
    public static ProjectBuild of(Path folder) {
        if (Files.exists(folder.resolve("pom.xml"))) {
            String maven = Files.isExecutable(folder.resolve("mvnw")) ? "./mvnw" : "mvn";
            return new ProjectBuild(
                    folder, List.of(maven, "-B", "-q", "-DskipTests", "package"), folder.resolve("target"));
        }
        if (Files.exists(folder.resolve("build.gradle")) || Files.exists(folder.resolve("build.gradle.kts"))) {
            String gradle = Files.isExecutable(folder.resolve("gradlew")) ? "./gradlew" : "gradle";
            return new ProjectBuild(folder, List.of(gradle, "-q", "assemble"), folder.resolve("build/libs"));
        }
        throw CliException.usage(
                folder + " is not a project: it has no pom.xml and no build.gradle",
                "name the project's folder; `protoplex new NAME` makes one");
    }

    /**
     * How a build went.
     *
     * @param done whether it built
     * @param output what the tool said
     */
    public record Result(boolean done, List<String> output) {}

    /** Builds it. */
    public Result run() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw CliException.refused(command.getFirst() + " cannot be run: " + e.getMessage(), "install it", e);
        }
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor() == 0, text.lines().toList());
    }

    /** The newest bundle that the build has made. */
    public Optional<Path> bundle() throws IOException {
        if (!Files.isDirectory(output)) {
            return Optional.empty();
        }
        List<Path> bundles = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jar")).toList()) {
                if (version(file).isPresent()) {
                    bundles.add(file);
                }
            }
        }
        return bundles.stream()
                .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
    }

    /** The version of a bundle, with three numbers; empty for a jar that is no bundle. */
    public static Optional<String> version(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest == null || manifest.getMainAttributes().getValue("Bundle-SymbolicName") == null) {
                return Optional.empty();
            }
            String version = manifest.getMainAttributes().getValue("Bundle-Version");
            String[] parts = (version == null ? "0" : version.strip()).split("\\.", 4);
            String full =
                    parts[0] + "." + (parts.length > 1 ? parts[1] : "0") + "." + (parts.length > 2 ? parts[2] : "0");
            return Optional.of(parts.length > 3 ? full + "." + parts[3] : full);
        }
    }
}
