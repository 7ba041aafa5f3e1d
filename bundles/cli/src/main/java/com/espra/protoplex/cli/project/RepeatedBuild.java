package com.espra.protoplex.cli.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The builds of a project that is built on each save: by Maven in this process where that can be, and offline when nothing but sources has
 * changed since a build that went well. What fails for another reason than the code, the tool itself does again, and says why.
 *
 * <p>Threads: one.
 */
public final class RepeatedBuild {

    private static final String OF_THE_CODE = "COMPILATION ERROR";

    private final ProjectBuild build;
    private final Optional<Path> home;
    private @Nullable ResidentMaven maven;
    private boolean resolved;
    private boolean unfit;

    /**
     * @param build how the project is built
     * @param searchPath where {@code mvn} is searched for
     */
    public RepeatedBuild(ProjectBuild build, String searchPath) {
        this.build = build;
        // Options for Maven's JVM are for one of its own.
        boolean plain = build.command().getFirst().equals("mvn")
                && !Files.exists(build.folder().resolve(".mvn/jvm.config"))
                && System.getenv("MAVEN_OPTS") == null;
        this.home = plain ? ResidentMaven.home(searchPath) : Optional.empty();
    }

    /**
     * Builds.
     *
     * @param changed what has changed since the build before
     */
    public ProjectBuild.Result run(Set<Path> changed) throws IOException, InterruptedException {
        resolved &= changed.stream().noneMatch(RepeatedBuild::isBuildFile);
        Optional<ProjectBuild.Result> resident = resident();
        ProjectBuild.Result result = resident.isPresent() ? resident.get() : build.run();
        resolved |= result.done();
        return result;
    }

    private static boolean isBuildFile(Path file) {
        return file.endsWith("pom.xml") || file.toString().contains("/.mvn/");
    }

    private Optional<ProjectBuild.Result> resident() throws IOException {
        if (home.isEmpty() || unfit) {
            return Optional.empty();
        }
        List<String> arguments =
                new ArrayList<>(build.command().subList(1, build.command().size()));
        arguments.add("-Dstyle.color=never");
        if (resolved) {
            arguments.add("-o");
        }
        try {
            if (maven == null) {
                maven = ResidentMaven.load(home.get(), build.folder());
            }
            ProjectBuild.Result result = maven.run(build.folder(), arguments);
            boolean ofTheCode = result.output().stream().anyMatch(line -> line.contains(OF_THE_CODE));
            return Optional.of(result).filter(each -> each.done() || ofTheCode);
        } catch (ReflectiveOperationException | LinkageError e) {
            unfit = true;
            return Optional.empty();
        }
    }
}
