package com.espra.protoplex.cli;

import com.espra.protoplex.files.DiskFullException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file or a folder that this user, or this disk, does not allow a command to use: in words, with what to do. */
final class FileProblem {

    private static final String ROOM = "make room on that disk, and run it again";
    private static final String ELSEWHERE = "run it as the user whose it is, or choose another folder with --dir";

    private FileProblem() {}

    /** What a failure comes from, if it is that. */
    static Optional<CliException> of(Throwable problem) {
        for (Throwable each = problem; each != null; each = each.getCause()) {
            Optional<CliException> known = each instanceof IOException failed ? known(failed) : Optional.empty();
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    private static Optional<CliException> known(IOException failed) {
        String message = String.valueOf(failed.getMessage());
        if (failed instanceof DiskFullException) {
            return refused(message, ROOM, failed);
        }
        if (message.toLowerCase(Locale.ROOT).contains("no space left")) {
            return refused("the disk is full" + at(failed), ROOM, failed);
        }
        if (failed instanceof AccessDeniedException denied) {
            return refused(denied.getFile() + " may not be used by this user", ELSEWHERE, failed);
        }
        if (message.toLowerCase(Locale.ROOT).contains("read-only file system")) {
            return refused(
                    "the disk may only be read" + at(failed),
                    "mount it for writing, or choose another folder with --dir",
                    failed);
        }
        return Optional.empty();
    }

    private static String at(IOException failed) {
        @Nullable String file = failed instanceof FileSystemException known ? known.getFile() : null;
        return file == null ? "" : ": " + file;
    }

    private static Optional<CliException> refused(String what, String next, IOException failed) {
        return Optional.of(CliException.refused(what, next, failed));
    }
}
