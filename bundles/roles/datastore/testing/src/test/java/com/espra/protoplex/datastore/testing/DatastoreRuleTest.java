package com.espra.protoplex.datastore.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Handbook;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Transaction;
import com.google.cloud.http.HttpTransportOptions;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.FixMethodOrder;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runners.MethodSorters;

/** The rule, as one of a class and of its tests; and as the handbook shows it. */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class DatastoreRuleTest {

    @ClassRule
    public static final DatastoreRule ONE = new DatastoreRule();

    @Rule
    public final DatastoreRule datastore = ONE;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Datastore client;
    private Key key;

    @Before
    public void connect() {
        client = DatastoreOptions.newBuilder()
                .setProjectId("p")
                .setHost(datastore.host())
                .setCredentials(NoCredentials.getInstance())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(HttpTransportOptions.newBuilder().build())
                .build()
                .getService();
        key = client.newKeyFactory().setKind("T").newKey("a");
    }

    private Entity entity() {
        return Entity.newBuilder(key).set("n", 1).build();
    }

    @Test
    public void aTestWrites() {
        client.put(entity());
        assertNotNull(client.get(key));
        datastore.faults().refuseRequests(1_000);
    }

    @Test
    public void bTheNextOneFindsNothingAndNoFaults() {
        assertNull(client.get(key));
    }

    @Test
    public void whatIsWrittenStaysThroughARestartAndTransactionsDoNot() throws Exception {
        client.put(entity());
        Transaction transaction = client.newTransaction();
        transaction.get(key);
        int port = datastore.port();
        datastore.restart();
        assertEquals(port, datastore.port());
        assertNotNull(client.get(key));
        transaction.put(entity());
        assertEquals(
                "ABORTED",
                assertThrows(DatastoreException.class, transaction::commit).getReason());
    }

    @Test
    public void faultsAreWhatATestAsksFor() {
        datastore.faults().abortCommits(2);
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    "ABORTED",
                    assertThrows(DatastoreException.class, () -> client.put(entity()))
                            .getReason());
        }
        assertNull("it was not carried out", client.get(key));
        client.put(entity());
        datastore.faults().refuseRequests(1);
        assertEquals(
                "UNAVAILABLE",
                assertThrows(DatastoreException.class, () -> client.get(key)).getReason());
        datastore.faults().delay(Duration.ofMillis(300));
        long begun = System.nanoTime();
        assertNotNull(client.get(key));
        assertTrue(System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(300));
        assertThrows(IllegalArgumentException.class, () -> datastore.faults().delay(Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> datastore.faults().abortCommits(-1));
    }

    @Test
    public void withoutATestItIsNotThere() {
        assertThrows(IllegalStateException.class, () -> new DatastoreRule().host());
    }

    @Test
    public void theHandbooksTestRuns() throws Exception {
        Path source = folder.newFolder("shop").toPath().resolve("OrdersTest.java");
        Files.writeString(
                source,
                Handbook.source(
                        "datastore.md",
                        "rule",
                        "shop",
                        "static org.junit.Assert.assertEquals",
                        "com.espra.protoplex.datastore.testing.DatastoreRule",
                        "com.google.cloud.NoCredentials",
                        "com.google.cloud.datastore.*",
                        "com.google.cloud.http.HttpTransportOptions",
                        "org.junit.Rule",
                        "org.junit.Test"));
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                folder.getRoot().toString(),
                                source.toString()));
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.getRoot().toURI().toURL()}, getClass().getClassLoader())) {
            Result result = JUnitCore.runClasses(loader.loadClass("shop.OrdersTest"));
            assertTrue(result.getFailures().toString(), result.wasSuccessful());
            assertEquals(1, result.getRunCount());
        }
    }
}
