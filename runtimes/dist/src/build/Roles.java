import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The roles of the distribution, as {@code push} takes them. The module {@code bundles/roles/NAME/role} makes {@code target/role}: a feature
 * {@code NAME.json}, and its bundles beside it. That the distribution depends on that module is the one line that a role has elsewhere.
 */
final class Roles {

    private Roles() {}

    static void copy(Path sources, Path distribution) throws IOException {
        List<Path> roles;
        try (Stream<Path> all = Files.list(sources)) {
            roles = all.filter(each -> Files.isDirectory(each.resolve("role/target/role")))
                    .sorted()
                    .toList();
        }
        for (Path role : roles) {
            copyTree(
                    role.resolve("role/target/role"),
                    distribution.resolve("roles").resolve(role.getFileName()));
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
