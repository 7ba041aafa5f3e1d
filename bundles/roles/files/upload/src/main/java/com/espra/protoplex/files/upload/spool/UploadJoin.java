package com.espra.protoplex.files.upload.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes one upload of several: tus' extension of concatenation. The hashes are those of the whole, over all bytes of all parts. */
public final class UploadJoin {

    /** Of one file. */
    public static final int MOST_PARTS = 100;

    private final UploadFolders folders;
    private final BodyReceiver receiver;

    UploadJoin(UploadFolders folders, BodyReceiver receiver) {
        this.folders = folders;
        this.receiver = receiver;
    }

    /** How long it becomes. */
    long length(UploadTarget target, List<String> parts) throws IOException {
        if (parts.isEmpty() || parts.size() > MOST_PARTS) {
            throw new UploadRefusedException(400, "a file has 1 to " + MOST_PARTS + " parts");
        }
        long length = 0;
        for (String part : parts) {
            UploadState state = part(target, part);
            if (!state.isWhole()) {
                throw new UploadRefusedException(409, "the part " + part + " is not whole: send the rest of it first");
            }
            length += state.length();
            if (length > target.mostBytes()) {
                throw new UploadRefusedException(
                        413, "the token is for files of at most " + target.mostBytes() + " bytes");
            }
        }
        return length;
    }

    private UploadState part(UploadTarget target, String id) throws IOException {
        try {
            UploadState state = UploadStateFile.read(folders.of(id));
            if (state.target().isPartial() && state.target().token().equals(target.token()) && !state.isOver()) {
                return state;
            }
        } catch (NoSuchFileException e) {
            // As if it were somebody else's.
        }
        throw new UploadRefusedException(404, "there is no part " + id + " of this token: begin it anew");
    }

    UploadState copy(Path folder, UploadState state, List<String> parts) throws IOException {
        List<InputStream> bodies = new ArrayList<>();
        try {
            for (String part : parts) {
                UploadState known = part(state.target(), part);
                BodyWriter.trim(folders.of(part), known);
                bodies.add(Files.newInputStream(BodyWriter.body(folders.of(part))));
            }
            try (InputStream all = new SequenceInputStream(Collections.enumeration(bodies))) {
                UploadState copied = receiver.receive(folder, state, state.length(), null, all);
                if (!copied.isWhole()) {
                    throw new UploadRefusedException(409, "a part went while they were joined: begin it anew");
                }
                return copied;
            }
        } finally {
            for (InputStream body : bodies) {
                body.close();
            }
        }
    }
}
