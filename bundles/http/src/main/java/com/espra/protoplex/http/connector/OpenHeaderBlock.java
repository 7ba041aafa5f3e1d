package com.espra.protoplex.http.connector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http2.Flags;
import org.eclipse.jetty.http2.frames.FrameType;

/**
 * The header block that an HTTP/2 connection is reading. As soon as a frame of one begins, the parser has a buffer for as much as the frame
 * announces, and keeps it until the last frame of the block is complete (RFC 9113, sections 4.1 and 4.3).
 *
 * <p>Threads: of the one that reads.
 */
final class OpenHeaderBlock {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_HEAD = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;

    /** How much of the preface has come. */
    private int preface;

    private boolean isOther;
    private int head;
    private int payload;
    private boolean ofBlock;
    private boolean last;
    private int bytes;

    /** What its parser holds now. */
    int bytes() {
        return bytes;
    }

    /** Whether what came was not HTTP/2, from its first byte on. */
    boolean isOther() {
        return isOther;
    }

    /** What comes from now on is HTTP/2: the connection was upgraded. */
    void begin() {
        isOther = false;
        preface = 0;
    }

    /** @param count of the buffer's last bytes, what a read has brought */
    void read(ByteBuffer buffer, int count) {
        int at = buffer.limit() - Math.max(0, count);
        while (!isOther && at < buffer.limit()) {
            if (preface < PREFACE.length) {
                isOther = buffer.get(at++) != PREFACE[preface++];
            } else if (head < FRAME_HEAD) {
                headByte(buffer.get(at++) & 0xff);
            } else {
                int part = Math.min(payload, buffer.limit() - at);
                at += part;
                payload -= part;
            }
            endFrame();
        }
    }

    private void headByte(int value) {
        if (head < LENGTH_BYTES) {
            payload = payload << Byte.SIZE | value;
        } else if (head == TYPE_AT) {
            ofBlock = value == FrameType.HEADERS.getType() || value == FrameType.CONTINUATION.getType();
        } else if (head == FLAGS_AT) {
            last = (value & Flags.END_HEADERS) != 0;
        }
        head++;
        if (head == FRAME_HEAD && ofBlock) {
            bytes += payload;
        }
    }

    private void endFrame() {
        if (head == FRAME_HEAD && payload == 0) {
            head = 0;
            if (ofBlock && last) {
                bytes = 0;
            }
        }
    }
}
