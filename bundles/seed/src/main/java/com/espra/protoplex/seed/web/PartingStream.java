package com.espra.protoplex.seed.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** A file on its way, which breaks off when this Seed is about to be replaced: who sends or fetches it goes on where it was cut. */
final class PartingStream extends FilterInputStream {

    /** This Seed leaves. */
    static final class PartingException extends IOException {

        private static final long serialVersionUID = 1L;

        PartingException() {
            super("the Seed is being replaced: go on at the next one");
        }
    }

    private final BooleanSupplier parting;

    PartingStream(InputStream in, BooleanSupplier parting) {
        super(in);
        this.parting = parting;
    }

    private void requireStay() throws IOException {
        if (parting.getAsBoolean()) {
            throw new PartingException();
        }
    }

    @Override
    public int read() throws IOException {
        requireStay();
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        requireStay();
        return super.read(bytes, offset, length);
    }
}
