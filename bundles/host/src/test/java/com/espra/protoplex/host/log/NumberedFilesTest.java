package com.espra.protoplex.host.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NumberedFilesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theLastOnesStayWhateverTheFolderIsCalled() throws Exception {
        Path log = folder.newFolder("100% d%d").toPath().resolve("node.log");
        NumberedFiles files = new NumberedFiles(log, 2);
        for (String text : new String[] {"first", "second", "third"}) {
            Files.writeString(log, text);
            files.rollover();
        }
        assertFalse(Files.exists(log));
        assertEquals("third", Files.readString(log.resolveSibling("node.log.1")));
        assertEquals("second", Files.readString(log.resolveSibling("node.log.2")));
        assertFalse(Files.exists(log.resolveSibling("node.log.3")));
        assertEquals(log.toString(), files.getActiveFileName());
    }
}
