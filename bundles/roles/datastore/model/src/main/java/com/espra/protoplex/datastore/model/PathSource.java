package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entities in the order of an index: each row is what follows what all of its rows begin with. Close it: it notes then what it has read. */
interface PathSource extends AutoCloseable {

    /** The next row, without what all begin with; null at the end. */
    byte @Nullable [] next();

    /** Goes on at this row, or the first one after it. */
    void seek(byte[] row);

    @Override
    void close();

    /** One range of one index. */
    final class Range implements PathSource {
        private final View view;
        private final byte[] prefix;
        private final byte[] from;
        private final byte[] to;
        private final boolean backward;
        private final Scan scan;
        private byte @Nullable [] last;
        private boolean ended;

        /** @param to empty for all that begin with the prefix */
        Range(View view, byte[] prefix, byte[] from, byte[] to, boolean backward) {
            this.view = view;
            this.prefix = prefix;
            this.backward = backward;
            this.from = Bytes.join(prefix, from);
            byte[] end = to.length == 0 ? Bytes.afterPrefix(prefix) : Bytes.join(prefix, to);
            this.to = Arrays.compareUnsigned(this.from, end) > 0 ? this.from : end;
            scan = backward
                    ? view.store().scanBackward(this.from, this.to, view.version())
                    : view.store().scan(this.from, this.to, view.version());
        }

        @Override
        public byte @Nullable [] next() {
            Scan.Row row = ended ? null : scan.next();
            if (row == null) {
                ended = true;
                return null;
            }
            last = row.key();
            return Arrays.copyOfRange(last, prefix.length, last.length);
        }

        @Override
        public void seek(byte[] row) {
            if (!ended) {
                last = Bytes.join(prefix, row);
                scan.seek(last);
            }
        }

        @Override
        public void close() {
            scan.close();
            note();
        }

        private void note() {
            if (ended) {
                view.note(from, to);
            } else if (last != null && backward) {
                view.note(last, to);
            } else if (last != null) {
                view.note(from, Bytes.after(last));
            }
        }
    }

    /** The rows that all of several ranges have, each in the order of keys. */
    final class Merge implements PathSource {
        private final List<Range> ranges;

        Merge(List<Range> ranges) {
            this.ranges = ranges;
        }

        /** Opens one for each prefix, or none of them. */
        static Merge of(View view, List<byte[]> prefixes, byte[] from, byte[] to) {
            List<Range> ranges = new ArrayList<>();
            boolean open = false;
            try {
                for (byte[] prefix : prefixes) {
                    ranges.add(new Range(view, prefix, from, to, false));
                }
                open = true;
            } finally {
                if (!open) {
                    closeScans(ranges);
                }
            }
            return new Merge(ranges);
        }

        @Override
        public byte @Nullable [] next() {
            byte[] candidate = ranges.getFirst().next();
            int agreed = 1;
            for (int i = 1; candidate != null && agreed < ranges.size(); i = (i + 1) % ranges.size()) {
                Range range = ranges.get(i);
                // Ranges that never meet are walked over to their end here.
                range.view.check();
                range.seek(candidate);
                byte[] found = range.next();
                if (found != null && Arrays.equals(found, candidate)) {
                    agreed++;
                } else {
                    candidate = found;
                    agreed = 1;
                }
            }
            return candidate;
        }

        @Override
        public void seek(byte[] row) {
            ranges.getFirst().seek(row);
        }

        /** A scan that stays open would keep the store open. */
        @Override
        public void close() {
            closeScans(ranges);
            ranges.forEach(Range::note);
        }

        /** All of them, whatever one throws. */
        static void closeScans(List<Range> ranges) {
            RuntimeException failed = null;
            for (Range range : ranges) {
                try {
                    range.scan.close();
                } catch (RuntimeException e) {
                    if (failed == null) {
                        failed = e;
                    } else {
                        failed.addSuppressed(e);
                    }
                }
            }
            if (failed != null) {
                throw failed;
            }
        }
    }
}
