package com.espra.protoplex.test.command;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Pushes that meet each other, that are cut off, that are tampered with. Whatever becomes of them, the build before serves on. */
public class PushIT {

    /** It takes long enough to be sent for somebody to come in between. */
    private static final int LARGE_BYTES = 64 << 20;

    @Rule
    public final SharedFleet shared = new SharedFleet();

    private final Fleet fleet = shared.fleet;

    @Test
    public void ofTwoAtOnceOneWinsAndTheOtherIsToldWhy() throws Exception {
        push("pair", "1.0.0");
        Path one = Apps.app("pair", "1.0.1").build(fleet.root());
        Path two = Apps.app("pair", "1.0.2").build(fleet.root());

        List<Process> pushes = List.of(fleet.start("push", one.toString()), fleet.start("push", two.toString()));

        int done = 0;
        for (Process push : pushes) {
            assertTrue("the push ends", push.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            Fleet.Result result = fleet.result(push);
            if (result.status() == 0) {
                done++;
            } else {
                result.failedWith(1);
                // Either it came while the other was on its way, or after a newer one had arrived.
                assertTrue(
                        result.toString(),
                        result.errors().contains("goes on: to 1.0.")
                                || result.errors().contains("older than 1.0.2"));
            }
        }
        assertTrue("at least one arrives", done > 0);
        String version = fleet.version("pair");
        assertNotEquals("1.0.0", version);
        fleet.assertServes("/pair", "pair " + version);
    }

    /** Given up by its number while its servlet still comes up: the push says so, and what served before serves on. */
    @Test
    public void oneThatGoesOnIsGivenUp() throws Exception {
        push("endless", "1.0.0");
        Path reached = fleet.root().resolve("endless-reached");
        Path endless = Apps.with("endless", "1.0.1", """
                public void init() throws ServletException {
                    try {
                        java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "");
                        Thread.sleep(Long.MAX_VALUE);
                    } catch (IOException | InterruptedException e) {
                        throw new ServletException(e);
                    }
                }
                """.formatted(reached)).build(fleet.root());
        Process push = fleet.start("push", endless.toString());
        Await.until("its servlet comes up", Fleet.DEADLINE, () -> Files.exists(reached));
        String id = fleet.run("status", "--json")
                .succeeded()
                .json()
                .path("deploying")
                .path(0)
                .path("id")
                .asText();

        Fleet.Result abort = fleet.run("deployment", "abort", id).succeeded();

        assertTrue("the push ends", push.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        Fleet.Result result = fleet.result(push).failedWith(1);
        assertTrue(result + " after " + abort, result.all().contains("given up"));
        assertEquals("1.0.0", fleet.version("endless"));
        fleet.assertServes("/endless", "endless 1.0.0");
        Fleet.Result nothing = fleet.run("deployment", "abort", id).failedWith(1);
        assertTrue(
                nothing.toString(),
                nothing.errors().contains(id) && nothing.errors().contains("next:"));
        fleet.run("deployment", "abort", "999999").failedWith(1);
    }

    @Test
    public void oneThatIsCutIsGoneOnWith() throws Exception {
        push("big", "1.0.0");
        byte[] noise = new byte[LARGE_BYTES];
        new Random(7).nextBytes(noise);
        Path jar = Apps.app("big", "1.0.1")
                .resource("noise", noise)
                .header("-compression", "STORE")
                .build(fleet.root());
        Path part = store("seed").resolve("incoming").resolve(sha256(jar) + ".part");

        Process push = fleet.start("push", jar.toString());
        Await.until("the upload has begun", Fleet.DEADLINE, () -> Files.exists(part) && Files.size(part) > 0);
        push.destroyForcibly().waitFor();

        assertTrue("the Seed has a part of it", Files.exists(part));
        fleet.assertServes("/big", "big 1.0.0");
        Object file = Files.readAttributes(part, BasicFileAttributes.class).fileKey();
        fleet.run("push", jar.toString()).succeeded();
        fleet.assertServes("/big", "big 1.0.1");
        assertEquals(
                "it was gone on with, not begun again",
                file,
                Files.readAttributes(stored("seed", jar), BasicFileAttributes.class)
                        .fileKey());
    }

    @Test
    public void anAuthorWhomNobodyKnowsIsRefused() throws Exception {
        push("signed", "1.0.0");
        Path key = fleet.dir().resolve("keys/author.key");
        Path safe = Files.createTempDirectory(fleet.root(), "keys").resolve("author.key");
        Files.move(key, safe);
        KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                key,
                pem("PRIVATE KEY", stranger.getPrivate().getEncoded())
                        + pem("PUBLIC KEY", stranger.getPublic().getEncoded()));
        try {
            String jar = Apps.app("signed", "1.0.1").build(fleet.root()).toString();
            Fleet.Result refused = fleet.run("push", jar).failedWith(1);

            String id = id(stranger.getPublic().getEncoded());
            assertTrue(id + " in " + refused, refused.errors().contains(id));
            assertTrue(refused.toString(), refused.errors().contains("trust.authors"));
            fleet.assertServes("/signed", "signed 1.0.0");
        } finally {
            Files.move(safe, key, StandardCopyOption.REPLACE_EXISTING);
        }
        push("signed", "1.0.1");
    }

    @Test
    public void aFileThatWasTamperedWithOnANodeIsFetchedAgain() throws Exception {
        Path old = push("touched", "1.0.0");
        push("touched", "1.0.1");
        fleet.run("remove", "touched").succeeded();
        tamper(stored("agent", old));

        fleet.run("push", old.toString()).succeeded();

        fleet.assertServes("/touched", "touched 1.0.0");
        assertArrayEquals(Files.readAllBytes(old), Files.readAllBytes(stored("agent", old)));
    }

    @Test
    public void aFileThatWasTamperedWithWhileTheNodeWasDownIsFetchedAgain() throws Exception {
        Path old = push("asleep", "1.0.0");
        Path now = push("asleep", "1.0.1");
        Path manifest = manifest(push("dozing", "1.0.0"));
        byte[] said = Files.readAllBytes(manifest);
        fleet.run("down").succeeded();
        tamper(stored("agent", now));
        tamper(manifest);

        fleet.up();

        fleet.awaitRest();
        Await.until(
                "the versions that served serve again",
                Fleet.DEADLINE,
                () -> fleet.get("/asleep").body().equals("asleep 1.0.1")
                        && fleet.get("/dozing").body().equals("dozing 1.0.0"));
        assertArrayEquals("as the Seed has it", said, Files.readAllBytes(manifest));
        assertArrayEquals(Files.readAllBytes(now), Files.readAllBytes(stored("agent", now)));
        assertTrue(Files.exists(stored("agent", old)));
    }

    @Test
    public void aFileThatWasTamperedWithAtTheSeedIsRefusedUntilItIsPushedAgain() throws Exception {
        Path jar = push("spoilt", "1.0.0");
        push("spoilt", "1.0.1");
        fleet.run("remove", "spoilt").succeeded();
        tamper(stored("seed", jar));
        tamper(stored("agent", jar));

        Fleet.Result refused = fleet.run("rollback", "spoilt", "1.0.0").failedWith(1);

        assertTrue(refused.toString(), refused.errors().contains("sha256"));
        assertEquals("nothing serves as before", 404, fleet.get("/spoilt").statusCode());
        fleet.run("push", jar.toString()).succeeded();
        fleet.assertServes("/spoilt", "spoilt 1.0.0");
    }

    private Path push(String app, String version) throws Exception {
        TestBundle bundle = Apps.app(app, version);
        Path jar = bundle.build(fleet.root());
        fleet.run("push", jar.toString()).succeeded();
        fleet.assertServes("/" + app, app + " " + version);
        return jar;
    }

    /** Whoever can write there is the user of the node, or the disk itself. */
    private static void tamper(Path file) throws IOException {
        assertTrue(file.toFile().setWritable(true));
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
    }

    private Path store(String owner) {
        return fleet.node("node-1").resolve("data").resolve(owner).resolve("store");
    }

    private Path stored(String owner, Path jar) throws Exception {
        String sha256 = sha256(jar);
        Path file =
                store(owner).resolve("files").resolve(sha256.substring(0, 2)).resolve(sha256);
        assertTrue(file + " is there", Files.exists(file));
        return file;
    }

    /** What the node knows of the one build that has this jar. */
    private Path manifest(Path jar) throws Exception {
        String sha256 = sha256(jar);
        try (Stream<Path> builds = Files.list(store("agent").resolve("builds"))) {
            for (Path build : builds.toList()) {
                Path manifest = build.resolve("build.json");
                if (Files.readString(manifest).contains(sha256)) {
                    return manifest;
                }
            }
        }
        throw new AssertionError("no build of " + jar);
    }

    private static String sha256(Path jar) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    /** As in all that is said of an author: the beginning of the hash of its raw key. */
    private static String id(byte[] encoded) throws Exception {
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw), 0, 8);
    }
}
