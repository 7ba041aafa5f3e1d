package com.espra.protoplex.cli.ssh;

import java.io.IOException;
import java.io.OutputStream;

/** What arrives is shown at once; the process's own stream stays open when a channel closes. */
final class FlushingOutput extends OutputStream {

    private final OutputStream to;

    FlushingOutput(OutputStream to) {
        this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
        to.write(b);
        to.flush();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        to.write(bytes, offset, length);
        to.flush();
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }
}
