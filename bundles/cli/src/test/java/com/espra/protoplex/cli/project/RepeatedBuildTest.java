package com.espra.protoplex.cli.project;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** By a Maven that has the parts of a real one, says what it was asked for, and does nothing. */
public class RepeatedBuildTest {

    private static final Map<String, String> MAVEN =
            Map.of("org/codehaus/plexus/classworlds/launcher/Launcher", """
            package org.codehaus.plexus.classworlds.launcher;

            public class Launcher {
                public void setSystemClassLoader(ClassLoader loader) {}

                public void configure(java.io.InputStream configuration) {}

                public World getWorld() {
                    return new World();
                }

                public static class World {
                    public ClassLoader getRealm(String name) {
                        return Launcher.class.getClassLoader();
                    }
                }
            }
            """, "org/apache/maven/cli/MavenCli", """
            package org.apache.maven.cli;

            public class MavenCli {
                public MavenCli(org.codehaus.plexus.classworlds.launcher.Launcher.World world) {}

                public int doMain(String[] args, String folder, java.io.PrintStream out, java.io.PrintStream err) {
                    boolean done = !new java.io.File(folder, "broken").exists();
                    out.println(String.join(" ", args));
                    out.println(done ? "done" : "COMPILATION ERROR");
                    return done ? 0 : 1;
                }
            }
            """);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Properties before = new Properties();
    private Path project = Path.of("");
    private RepeatedBuild builds;

    @Before
    public void install() throws IOException {
        assumeTrue("a JVM for Maven of its own is asked for", System.getenv("MAVEN_OPTS") == null);
        before.putAll(System.getProperties());
        Path home = folder.newFolder("maven").toPath();
        Files.writeString(Files.createDirectories(home.resolve("bin")).resolve("m2.conf"), "");
        Path mvn = Files.writeString(home.resolve("bin/mvn"), "#!/bin/sh\nexit 1\n");
        assertTrue(mvn.toFile().setExecutable(true));
        jar(Files.createDirectories(home.resolve("boot")).resolve("boot.jar"));
        project = folder.newFolder("project").toPath();
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        builds = new RepeatedBuild(ProjectBuild.of(project), home.resolve("bin").toString());
    }

    @After
    public void restore() {
        if (!before.isEmpty()) {
            System.setProperties(before);
        }
    }

    private void jar(Path jar) throws IOException {
        Path sources = folder.newFolder("sources").toPath();
        Path classes = folder.newFolder("classes").toPath();
        for (Map.Entry<String, String> each : MAVEN.entrySet()) {
            Path source = sources.resolve(each.getKey() + ".java");
            Files.createDirectories(source.getParent());
            Files.writeString(source, each.getValue());
        }
        List<String> files = MAVEN.keySet().stream()
                .map(name -> sources.resolve(name + ".java").toString())
                .toList();
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, files.getFirst(), files.getLast(), "-d", classes.toString()));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> all = Files.walk(classes)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, entries);
            }
        }
    }

    /** @return whether it was told not to look for anything new */
    private boolean offline(String... changed) throws Exception {
        ProjectBuild.Result result =
                builds.run(Set.of(changed).stream().map(project::resolve).collect(Collectors.toSet()));
        assertEquals(result.toString(), !Files.exists(project.resolve("broken")), result.done());
        return List.of(result.output().getFirst().split(" ")).contains("-o");
    }

    @Test
    public void aBuildFileThatHasChangedMayNeedWhatIsNotHereYet() throws Exception {
        assertEquals("nothing is here yet", false, offline());
        assertEquals(true, offline("src/main/java/Hello.java"));
        assertEquals(false, offline("src/main/java/Hello.java", "pom.xml"));
        assertEquals(true, offline("src/main/java/Hello.java"));
        assertEquals("of a part of it", false, offline("part/pom.xml"));
        assertEquals(true, offline("src/main/java/pom.xml.java"));
        assertEquals(false, offline(".mvn/extensions.xml"));
        assertEquals(true, offline());
    }

    /** As long as it does not build nobody knows whether all that it needs is here. */
    @Test
    public void onlyABuildThatWentWellHasWhatItNeeds() throws Exception {
        Path broken = Files.createFile(project.resolve("broken"));
        assertEquals(false, offline());
        assertEquals(false, offline("src/main/java/Hello.java"));
        Files.delete(broken);
        assertEquals(false, offline("src/main/java/Hello.java"));
        Files.createFile(broken);
        assertEquals("of the code alone", true, offline("src/main/java/Hello.java"));
        assertEquals(false, offline("pom.xml"));
        assertEquals("what the build file needs is still to come", false, offline("src/main/java/Hello.java"));
    }
}
