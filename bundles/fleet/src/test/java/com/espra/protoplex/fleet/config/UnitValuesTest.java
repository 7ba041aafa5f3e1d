package com.espra.protoplex.fleet.config;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.store.ValuesStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class UnitValuesTest {

    private static final UnitKey SIZE = key("size", "Integer");
    private static final UnitKey NAMES = key("names", "String[]");
    private static final UnitKey TOKEN = key("token", "String");
    private static final byte[] KEY = new byte[UnitSeal.KEY_BYTES];
    private static final UnitSeal SEAL = new UnitSeal("hello", KEY);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static UnitKey key(String name, String type) {
        return new UnitKey("pid", name, type, false, List.of(), "", "", "");
    }

    @Test
    public void valuesComeBackAsTheyWere() throws Exception {
        UnitValues values = UnitValues.none("hello")
                .with(SIZE, "5")
                .with(NAMES, List.of("a", "b"))
                .withSecret(TOKEN, SEAL.seal("pid", "token", "x"));

        assertEquals(values, UnitValues.read(values.write()));
        assertTrue(values.without(SIZE).without(NAMES).without(TOKEN).isEmpty());
    }

    @Test
    public void theSameValuesAreTheSameBytes() throws Exception {
        assertArrayEquals(
                UnitValues.none("hello")
                        .with(SIZE, "5")
                        .with(NAMES, List.of("a"))
                        .write(),
                UnitValues.none("hello")
                        .with(NAMES, List.of("a"))
                        .with(SIZE, "4")
                        .with(SIZE, "5")
                        .write());
    }

    @Test
    public void aKeyWhoseTypeChangedHasOneValue() {
        UnitValues values =
                UnitValues.none("hello").with(key("size", "Long"), "4").with(SIZE, "5");

        assertEquals(Set.of("size:Integer"), values.values().get("pid").keySet());
    }

    @Test
    public void theSameSecretIsNeverTheSameBytes() throws Exception {
        byte[] once = UnitValues.none("hello")
                .withSecret(TOKEN, SEAL.seal("pid", "token", "secret"))
                .write();
        byte[] again = UnitValues.none("hello")
                .withSecret(TOKEN, SEAL.seal("pid", "token", "secret"))
                .write();

        assertNotEquals(UnitValues.digest(once), UnitValues.digest(again));
        assertFalse(new String(once, StandardCharsets.UTF_8).contains("secret\"}"));
    }

    @Test
    public void aSecretOpensWhereItBelongsAndNowhereElse() throws Exception {
        String sealed = SEAL.seal("pid", "token", "geheim \u20ac");
        byte[] other = KEY.clone();
        other[0] = 1;

        assertEquals("geheim \u20ac", SEAL.open("pid", "token", sealed));
        refused(SEAL, "pid", "password", sealed);
        refused(SEAL, "other", "token", sealed);
        refused(new UnitSeal("shop", KEY), "pid", "token", sealed);
        refused(new UnitSeal("hello", other), "pid", "token", sealed);
        refused(SEAL, "pid", "token", sealed.substring(0, sealed.length() - 4));
        refused(SEAL, "pid", "token", sealed.substring(0, 17));
        refused(SEAL, "pid", "token", "");
    }

    private static void refused(UnitSeal seal, String pid, String name, String sealed) {
        BuildException refused = assertThrows(BuildException.class, () -> seal.open(pid, name, sealed));
        assertTrue(refused.remedy(), refused.remedy().contains("./protoplex secret set"));
    }

    @Test
    public void allValuesTogetherAreBounded() throws Exception {
        UnitValues values = UnitValues.none("hello");
        for (int i = 0; i < 4; i++) {
            values = values.with(key("text" + i, "String"), "x".repeat(UnitKey.MAX_VALUE_BYTES));
        }

        BuildException refused = assertThrows(BuildException.class, values::write);

        assertTrue(refused.getMessage(), refused.getMessage().contains("262144 are allowed"));
    }

    @Test
    public void whatIsNoDocumentIsRefused() {
        for (String text : List.of("", "{}", "[]", "x", "{\"format\":2,\"unit\":\"a\",\"values\":{},\"secrets\":{}}")) {
            assertThrows(text, BuildException.class, () -> UnitValues.read(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    public void theStoreKeepsWhatIsNeeded() throws Exception {
        ValuesStore store = new ValuesStore(folder.getRoot().toPath());
        byte[] one = UnitValues.none("hello").with(SIZE, "1").write();
        String kept = store.put(one);
        String old = store.put(UnitValues.none("hello").with(SIZE, "2").write());
        Path file = folder.getRoot().toPath().resolve("values").resolve(kept);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

        store.retain(Set.of(kept), Instant.EPOCH);
        assertTrue("it has just come", store.get(old).isPresent());
        store.retain(Set.of(kept), Instant.now().plusSeconds(1));

        assertArrayEquals(one, store.bytes(kept).orElseThrow());
        assertTrue(store.get(old).isEmpty());
        assertTrue(store.get("../../etc/passwd").isEmpty());
        Files.writeString(file, "something else");
        assertTrue("damaged", store.get(kept).isEmpty());
    }

    @Test
    public void aReleaseIsABuildAndPerhapsValues() {
        String build = "a".repeat(64);
        String values = "b".repeat(64);

        assertEquals(build, new ReleaseId(build, "").toString());
        assertEquals(new ReleaseId(build, values), ReleaseId.of(build + "+" + values));
        assertEquals(build, ReleaseId.of(build + "+" + values).with("").toString());
        assertTrue(ReleaseId.of(build + "+" + values).isWellFormed());
        assertFalse(ReleaseId.of(build + "+").with("x").isWellFormed());
        assertFalse(ReleaseId.of("").isWellFormed());
    }
}
