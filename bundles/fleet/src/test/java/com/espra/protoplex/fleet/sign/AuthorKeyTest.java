package com.espra.protoplex.fleet.sign;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Jars;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.make.BuildMaker;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AuthorKeyTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static final byte[] BYTES = "manifest".getBytes(StandardCharsets.UTF_8);

    @Test
    public void aKeyThatWasWrittenSignsAsBefore() throws Exception {
        AuthorKey key = AuthorKey.create();
        Path file = folder.getRoot().toPath().resolve("keys/author.key");
        Path publicFile = folder.getRoot().toPath().resolve("keys/author.pub");
        key.write(file, publicFile);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        AuthorKey read = AuthorKey.read(file);
        assertEquals(key.author(), read.author());
        assertArrayEquals(key.sign(BYTES), read.sign(BYTES));
        assertTrue(Author.read(publicFile).verify(BYTES, read.sign(BYTES)));
    }

    @Test
    public void theIdIsTheBeginningOfTheHashOfTheRawKey() throws Exception {
        // The first key pair of RFC 8032, section 7.1.
        Author author = Author.parse("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= a comment");
        byte[] raw = Base64.getDecoder().decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertEquals(Sha256.of(raw).substring(0, 16), author.id());
        assertEquals(author, Author.parse(author.pem()));
        byte[] signature = java.util.HexFormat.of()
                .parseHex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        assertTrue("the signature of RFC 8032, section 7.1, test 1", author.verify(new byte[0], signature));
    }

    @Test
    public void anythingElseDoesNotVerify() {
        AuthorKey key = AuthorKey.create();
        byte[] signature = key.sign(BYTES);
        signature[10] ^= 1;
        assertFalse(key.author().verify(BYTES, signature));
        assertFalse(key.author().verify(BYTES, new byte[3]));
        assertFalse(AuthorKey.create().author().verify(BYTES, key.sign(BYTES)));
    }

    @Test
    public void aKeyThatOthersCanReadIsRefused() throws Exception {
        Path file = folder.getRoot().toPath().resolve("author.key");
        AuthorKey.create().write(file, folder.getRoot().toPath().resolve("author.pub"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        FileSystemException e = assertThrows(FileSystemException.class, () -> AuthorKey.read(file));
        assertTrue(e.getReason(), e.getReason().contains("chmod 600"));
    }

    @Test
    public void rubbishIsNamedAsSuch() throws Exception {
        assertThrows(BuildException.class, () -> Author.parse("not a key"));
        assertThrows(BuildException.class, () -> Author.parse(""));
        assertThrows(BuildException.class, () -> Author.parse("-----BEGIN PUBLIC KEY-----"));
        Path file = folder.newFile("author.key").toPath();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        BuildException e = assertThrows(BuildException.class, () -> AuthorKey.read(file));
        assertTrue(e.getMessage(), e.getMessage().contains("is not an author's key"));
    }

    @Test
    public void aBuildIsTrustedWhenATrustedAuthorSignedIt() throws Exception {
        AuthorKey key = AuthorKey.create();
        Path jar = Jars.bundle(folder.getRoot().toPath().resolve("hello.jar"), "com.example.hello", "1.0.0");
        SignedBuild signed = new BuildMaker(key, java.time.InstantSource.system(), List.of())
                .make(List.of(jar), BuildMaker.Wish.NONE)
                .signed();
        signed.requireAuthor(List.of(AuthorKey.create().author(), key.author()));
        BuildException unknown = assertThrows(
                BuildException.class,
                () -> signed.requireAuthor(List.of(AuthorKey.create().author())));
        assertTrue(
                unknown.getMessage(), unknown.getMessage().contains(key.author().id()));
        SignedBuild forged =
                SignedBuild.of(signed.manifest(), AuthorKey.create().sign(signed.manifest()));
        BuildException wrong = assertThrows(BuildException.class, () -> forged.requireAuthor(List.of(key.author())));
        assertTrue(wrong.getMessage(), wrong.getMessage().contains("signature"));
    }
}
