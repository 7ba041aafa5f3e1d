package com.espra.protoplex.datastore.testing;

import com.espra.protoplex.datastore.server.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.rules.ExternalResource;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * A datastore on a free port of the loopback address, in a temporary folder, for tests by JUnit 4. As a {@code @Rule} each test has one of its
 * own. As a {@code @ClassRule} and a {@code @Rule} at once it is started once, and emptied before each test, which is quicker. It wants no
 * token.
 *
 * <p>Threads: the rule's methods are for the thread of the test; the datastore answers any.
 */
public final class DatastoreRule extends ExternalResource {

    private Path folder = Path.of("");
    private @Nullable EmbeddedDatastore datastore;

    @Override
    public Statement apply(Statement base, Description description) {
        // Within a class whose datastore is there already it is a rule of a test.
        return datastore == null || description.isSuite() ? super.apply(base, description) : emptied(base);
    }

    private Statement emptied(Statement base) {
        return new Statement() {
            @Override
            public void evaluate() throws Throwable {
                reset();
                try {
                    base.evaluate();
                } finally {
                    faults().clear();
                }
            }
        };
    }

    @Override
    protected void before() throws Throwable {
        folder = Files.createTempDirectory("datastore-");
        datastore = new EmbeddedDatastore(folder);
    }

    @Override
    protected void after() {
        EmbeddedDatastore started = datastore;
        datastore = null;
        if (started != null) {
            try {
                started.close();
            } finally {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> each = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : each) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the temporary folder " + folder + " is left behind", e);
        }
    }

    private EmbeddedDatastore started() {
        EmbeddedDatastore started = datastore;
        if (started == null) {
            throw new IllegalStateException("the datastore runs while a test does: is the rule's field annotated?");
        }
        return started;
    }

    /** Where it is: {@code http://127.0.0.1:PORT}, as Google's client wants its host. */
    public String host() {
        return "http://127.0.0.1:" + port();
    }

    /** Its port, for HTTP/1.1, and for gRPC over HTTP/2 without TLS. */
    public int port() {
        return started().port();
    }

    /** Deletes all entities, of all projects. */
    public void reset() {
        started().reset();
    }

    /** Closes it and opens it again, on the same port, as a swap or a restart does: transactions are ABORTED, entities stay. */
    public void restart() throws Exception {
        started().restart();
    }

    /** What goes wrong from now on. */
    public Faults faults() {
        return started().faults();
    }
}
