import java.io.IOException;
import java.nio.file.Path;

/**
 * What Maven's plugins do not do for the distribution, in one JVM. Arguments: the folder of the .bndrun files as they were written, that of the resolved
 * ones, a Maven repository that has the bundles, the distribution, the version.
 */
final class Assemble {

    private Assemble() {}

    public static void main(String[] arguments) throws IOException {
        Path repository = Path.of(arguments[2]);
        Path distribution = Path.of(arguments[3]);
        Features.make(Path.of(arguments[0]), Path.of(arguments[1]), repository, distribution, arguments[4]);
        Roles.copy(Path.of(arguments[0]).resolve("../bundles/roles"), distribution);
        ClassVersions.renew(distribution.resolve("lib/cli"));
        ApiRepository.make(repository, distribution.resolve("lib/maven"), arguments[4]);
    }
}
