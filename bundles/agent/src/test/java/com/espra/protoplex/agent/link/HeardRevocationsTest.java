package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.identity.RevokedKeys;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class HeardRevocationsTest {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file() {
        return folder.getRoot().toPath().resolve("revoked");
    }

    private static LinkFrame.Revoked told(String key, long at) {
        return new LinkFrame.Revoked(List.of(new LinkFrame.RevokedKey(key, at, Long.MAX_VALUE / 10)));
    }

    @Test
    public void whatWasHeardIsKnownAfterARestartAndASeedThatForgotChangesNothing() throws Exception {
        HeardRevocations heard = new HeardRevocations(file());
        assertEquals(0, heard.newest());
        heard.add(told(A, 5));
        heard.add(told(B, 9));
        heard.add(told("no digest", 11));
        HeardRevocations again = new HeardRevocations(file());
        assertEquals(9, again.newest());
        again.add(new LinkFrame.Revoked(List.of()));
        assertTrue(
                RevokedKeys.read(file()).contains(A) && RevokedKeys.read(file()).contains(B));
    }

    @Test
    public void whatCannotBeNotedIsNotKnown() throws Exception {
        HeardRevocations heard = new HeardRevocations(file().resolve("under-a-file"));
        Files.writeString(file(), "");
        assertThrows(IOException.class, () -> heard.add(told(A, 5)));
        assertEquals("so that the Seed says it again", 0, heard.newest());
    }
}
