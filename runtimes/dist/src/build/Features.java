import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes an OSGi feature file (OSGi Compendium 8.1, chapter 159) of each .bndrun, and gathers the bundles that its requirements come to.
 * What changed in a feature since the build before is printed.
 */
final class Features {

    /**
     * The agent is above all others, and in a child its counterpart: what starts last is stopped first, and it is they who close the listeners. http comes
     * before the other users of Jetty, which looks for its parts once, in a way that http knows to help.
     */
    private static final Map<String, Integer> START_LEVELS = Map.of(
            "com.espra.protoplex.http", 4,
            "com.espra.protoplex.shell", 6,
            "com.espra.protoplex.agent", 20,
            "com.espra.protoplex.child", 20);

    private static final String KIND = "protoplex.role.kind";

    private static final List<String> KINDS = List.of("events", "threads", "single");

    private static final String OURS = "com.espra.protoplex.";

    private record Artifact(String group, String name, String version, Path file) {
        String id() {
            return group + ":" + name + ":" + version;
        }
    }

    private Features() {}

    /**
     * @param runs the folder of the .bndrun files as they were written
     * @param resolved that of the resolved ones
     * @param repository a Maven repository that has the bundles
     */
    static void make(Path runs, Path resolved, Path repository, Path distribution, String version) throws IOException {
        Map<String, Artifact> artifacts = artifacts(repository);
        Files.createDirectories(distribution.resolve("features"));
        Files.createDirectories(distribution.resolve("bundles"));
        Set<Path> bundles = new HashSet<>();
        try (Stream<Path> files = Files.list(runs)) {
            for (Path run :
                    files.filter(f -> f.toString().endsWith(".bndrun")).sorted().toList()) {
                bundles.addAll(feature(run, resolved.resolve(run.getFileName()), artifacts, distribution, version));
            }
        }
        // All that is in the folder is on the class path: no earlier version of a bundle may stay there.
        try (Stream<Path> files = Files.list(distribution.resolve("bundles"))) {
            for (Path file : files.filter(f -> !bundles.contains(f)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Gives the bundles that it is made of. */
    private static List<Path> feature(
            Path run, Path resolved, Map<String, Artifact> artifacts, Path distribution, String version)
            throws IOException {
        String role = run.getFileName().toString().replace(".bndrun", "");
        List<String> lines = new ArrayList<>();
        List<Path> targets = new ArrayList<>();
        for (String name : bundles(properties(resolved))) {
            Artifact artifact = artifacts.get(name);
            if (artifact == null) {
                throw new IOException(run + " names " + name + ", which is no dependency of the distribution");
            }
            Path target = distribution.resolve("bundles/" + artifact.name() + "-" + artifact.version() + ".jar");
            copy(artifact.file(), target);
            targets.add(target);
            int level = START_LEVELS.getOrDefault(name, name.startsWith(OURS) ? 5 : 1);
            lines.add("    {\"id\": \"%s\", \"protoplex.start-level\": %d}".formatted(artifact.id(), level));
        }
        String text = """
                {
                  "feature-resource-version": "1.0",
                  "id": "com.espra.protoplex:%s:%s",%s
                  "bundles": [
                %s
                  ]
                }
                """.formatted(role, version, kind(run, properties(run)), String.join(",\n", lines));
        Path file = distribution.resolve("features/" + role + ".json");
        if (Files.exists(file)) {
            tellChanges(role, Files.readAllLines(file), text.lines().toList());
        }
        Files.writeString(file, text);
        return targets;
    }

    /** Nobody has written down what the requirements come to: whoever changes a dependency sees here what else it changed. */
    private static void tellChanges(String role, List<String> before, List<String> now) {
        before.stream()
                .filter(Features::isBundle)
                .filter(line -> !contains(now, line))
                .forEach(gone -> tell(role, "no more ", gone));
        now.stream()
                .filter(Features::isBundle)
                .filter(line -> !contains(before, line))
                .forEach(come -> tell(role, "now has ", come));
    }

    private static boolean isBundle(String line) {
        return line.contains("protoplex.start-level");
    }

    private static boolean contains(List<String> lines, String bundle) {
        return lines.stream().anyMatch(line -> idOf(line).equals(idOf(bundle)));
    }

    private static String idOf(String line) {
        return line.replaceFirst(",\\s*$", "").strip();
    }

    private static void tell(String role, String what, String line) {
        System.out.println("feature " + role + ": " + what + idOf(line));
    }

    /**
     * A file that is the same keeps its date: caches made from it stay good. A jar that its maker signed is copied without the signature:
     * the JVM would verify each class of it at each start, and keep none in its cache. Maven has compared the jar's checksum.
     */
    private static void copy(Path from, Path to) throws IOException {
        Path next = to.resolveSibling(to.getFileName() + ".next");
        try (JarFile jar = new JarFile(from.toFile(), false)) {
            if (jar.stream().noneMatch(Features::isSignature)) {
                Files.copy(from, next, StandardCopyOption.REPLACE_EXISTING);
            } else {
                copyUnsigned(jar, next);
            }
            if (!Files.exists(to) || Files.mismatch(next, to) >= 0) {
                Files.move(next, to, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void copyUnsigned(JarFile jar, Path to) throws IOException {
        Manifest manifest = new Manifest(jar.getManifest());
        // The digests of single files.
        manifest.getEntries().clear();
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            for (JarEntry entry : jar.stream().filter(e -> !isSignature(e)).toList()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    manifest.write(out);
                } else {
                    jar.getInputStream(entry).transferTo(out);
                }
            }
        }
    }

    private static boolean isSignature(ZipEntry entry) {
        return entry.getName().matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    /** How a role runs where a node has children; what is no role has no kind. */
    private static String kind(Path run, Properties properties) throws IOException {
        String kind = properties.getProperty(KIND);
        if (kind == null) {
            return "";
        }
        if (!KINDS.contains(kind)) {
            throw new IOException(run + " has the " + KIND + " " + kind + ": use one of " + KINDS);
        }
        return "\n  \"%s\": \"%s\",".formatted(KIND, kind);
    }

    private static Properties properties(Path run) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(run)) {
            properties.load(reader);
        }
        return properties;
    }

    private static List<String> bundles(Properties properties) {
        // A comma inside a version range is followed by a digit, one between bundles by a letter.
        return Stream.of(properties.getProperty("-runbundles", "").split(",\\s*(?=[A-Za-z])"))
                .map(clause -> clause.split(";")[0].strip())
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Map<String, Artifact> artifacts(Path repository) throws IOException {
        Map<String, Artifact> artifacts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(repository)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                Path path = repository.relativize(file);
                int depth = path.getNameCount();
                String group = path.subpath(0, depth - 3).toString().replace('/', '.');
                String name = path.getName(depth - 3).toString();
                String version = path.getName(depth - 2).toString();
                String symbolicName = symbolicName(file);
                if (symbolicName != null) {
                    artifacts.put(symbolicName, new Artifact(group, name, version, file));
                }
            }
        }
        return artifacts;
    }

    private static String symbolicName(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            String name = jar.getManifest() == null
                    ? null
                    : jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
            return name == null ? null : name.split(";")[0].strip();
        }
    }
}
