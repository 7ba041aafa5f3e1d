package com.espra.protoplex.commands.remote;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a command prints, as far as it fits into an answer: frames between processes are bounded. */
final class BoundedOutput extends ByteArrayOutputStream {

    /** What may become an escape of six characters in JSON is still less than a frame (1 MiB). */
    static final int MOST = 128 * 1024;

    private static final String CUT = "\n[the rest is left out: more than " + MOST + " bytes]\n";

    private boolean cut;

    @Override
    public synchronized void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        int room = Math.min(length, MOST - size());
        super.write(bytes, from, room);
        cut |= room < length;
    }

    /** All that fits. */
    synchronized String text() {
        return toString(StandardCharsets.UTF_8) + (cut ? CUT : "");
    }

    /** A text that fits. */
    static String fit(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + CUT;
    }
}
