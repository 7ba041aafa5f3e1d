import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The roles of the distribution, as {@code push} takes them: {@code bundles/roles/NAME/NAME.json} of the sources, with the version put in for
 * {@code ${version}}, and the bundles that it names. These are dependencies of the distribution: that is the one line that a role has elsewhere.
 */
final class Roles {

    /** The first one is the feature itself. */
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^:\"]+):([^:\"]+):([^:\"]+)\"");

    private Roles() {}

    static void make(Path sources, Path repository, Path distribution, String version) throws IOException {
        if (!Files.isDirectory(sources)) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> all = Files.list(sources)) {
            folders = all.filter(Files::isDirectory).sorted().toList();
        }
        for (Path folder : folders) {
            String name = folder.getFileName().toString();
            Path feature = folder.resolve(name + ".json");
            if (Files.exists(feature)) {
                make(
                        name,
                        Files.readString(feature).replace("${version}", version),
                        repository,
                        distribution.resolve("roles/" + name));
            }
        }
    }

    private static void make(String name, String feature, Path repository, Path role) throws IOException {
        Path bundles = Files.createDirectories(role.resolve("bundles"));
        Matcher id = ID.matcher(feature);
        if (!id.find()) {
            throw new IOException("the feature of the role " + name + " has no id: group:artifact:version");
        }
        while (id.find()) {
            String file = id.group(2) + "-" + id.group(3) + ".jar";
            Path jar = repository
                    .resolve(id.group(1).replace('.', '/'))
                    .resolve(id.group(2))
                    .resolve(id.group(3))
                    .resolve(file);
            if (!Files.exists(jar)) {
                throw new IOException("the role " + name + " needs " + id.group(1) + ":" + id.group(2) + ":"
                        + id.group(3) + ": make it a dependency of runtimes/dist");
            }
            Files.copy(jar, bundles.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(role.resolve(name + ".json"), feature);
    }
}
