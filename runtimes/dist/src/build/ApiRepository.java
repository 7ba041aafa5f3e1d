import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What handlers are compiled against, as a Maven repository in a folder: a build that names it finds {@code com.espra.protoplex:com.espra.protoplex.api}
 * without anything being installed. Its POM names no parent, which would be looked for elsewhere.
 */
final class ApiRepository {

    private static final String GROUP = "com.espra.protoplex";
    private static final String NAME = "com.espra.protoplex.api";

    private ApiRepository() {}

    static void make(Path repository, Path to, String version) throws IOException {
        Path place = Path.of(GROUP.replace('.', '/'), NAME, version);
        String file = NAME + "-" + version;
        Path folder = Files.createDirectories(to.resolve(place));
        Files.copy(
                repository.resolve(place).resolve(file + ".jar"),
                folder.resolve(file + ".jar"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve(file + ".pom"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>%s</version>
                  <name>Protoplex :: API</name>
                  <licenses>
                    <license>
                      <name>Apache-2.0</name>
                      <url>https://www.apache.org/licenses/LICENSE-2.0</url>
                    </license>
                  </licenses>
                </project>
                """.formatted(GROUP, NAME, version));
    }
}
