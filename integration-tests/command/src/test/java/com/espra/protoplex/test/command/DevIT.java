package com.espra.protoplex.test.command;

import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;

/** {@code dev}: a user saves, and the node swaps. */
public class DevIT {

    @Rule
    public final SharedFleet shared = new SharedFleet();

    private final Fleet fleet = shared.fleet;

    private Path source = Path.of("");

    @Test
    public void savingSwapsAndWhatDoesNotCompileIsShown() throws Exception {
        fleet.run("new", "watched").succeeded();
        source = fleet.root().resolve("watched/src/main/java/com/example/watched/HelloServlet.java");
        String saved = Files.readString(source);
        Process dev = fleet.start("dev", "watched");
        try {
            answers(dev, "Hello");

            save(saved.replace("Hello, ", "Oops, ").replaceFirst("class HelloServlet", "klass HelloServlet"));
            shows(dev, "it does not build");
            String said = fleet.result(dev).all();
            assertTrue(
                    said,
                    said.contains("HelloServlet.java") && said.contains("class, interface, enum, or record expected"));
            assertTrue(body(), body().contains("Hello"));

            int before = fleet.result(dev).output().length();
            save(saved.replace("Hello, ", "Ciao, ")
                    .replace("String name =", "System.out.println(\"somebody is greeted\");\n        String name ="));
            answers(dev, "Ciao");
            shows(dev, "somebody is greeted");
            String shown = fleet.result(dev).output().substring(before);
            assertTrue(shown, shown.contains("http://localhost:" + fleet.port(8080) + "/watched"));
            assertTrue(
                    shown,
                    Pattern.compile("\\d\\.\\d s from the save, at ")
                            .matcher(shown)
                            .find());
        } finally {
            dev.destroy();
        }
        assertTrue(dev.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));

        Fleet.Result release = fleet.run(
                        "push",
                        fleet.root().resolve("watched/target/watched-1.0.0.jar").toString())
                .succeeded();
        assertTrue(release.toString(), release.output().contains("watched 1.0.0 serves on 1 of 1 nodes"));
    }

    private void save(String text) throws IOException {
        Files.writeString(source, text);
    }

    private void answers(Process dev, String word) {
        Await.until("the node says " + word, Fleet.DEADLINE.multipliedBy(2), () -> {
            assertTrue(fleet.result(dev).toString(), dev.isAlive());
            return body().contains(word);
        });
    }

    private void shows(Process dev, String text) {
        Await.until(
                "dev says " + text,
                Fleet.DEADLINE.multipliedBy(2),
                () -> fleet.result(dev).all().contains(text));
    }

    private String body() throws IOException, InterruptedException {
        return fleet.get("/watched").body();
    }
}
