package com.espra.protoplex.cli.local;

import com.espra.protoplex.files.ProcessRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Children of a node's process that was killed: they end by themselves, and have its ports until then. */
final class LeftChildren {

    /** As the host notes them: {@code children/PARENT/GROUP/CHILD/process}. */
    private static final int DEPTH = 4;

    private static final String NOTE = "process";

    private LeftChildren() {}

    /** Whether one of them still runs. */
    static boolean run(Path data) throws IOException {
        Path children = data.resolve("children");
        if (!Files.isDirectory(children)) {
            return false;
        }
        List<Path> notes;
        try (Stream<Path> files = Files.find(
                children,
                DEPTH,
                (file, attributes) -> file.getFileName().toString().equals(NOTE))) {
            notes = files.toList();
        }
        for (Path note : notes) {
            if (isAlive(note)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAlive(Path note) throws IOException {
        try {
            String[] words = Files.readString(note).strip().split(" ");
            return words.length == 2
                    && words[0].matches("[0-9]{1,18}")
                    && new ProcessRef(Long.parseLong(words[0]), words[1]).alive();
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
