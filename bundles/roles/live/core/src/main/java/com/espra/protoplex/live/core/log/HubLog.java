package com.espra.protoplex.live.core.log;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The last updates of a hub, in order and without a gap, and under whom they came. A position leads to what came after it if the log has its epoch, and
 * had it at that offset: so the end that an owner wrote and nobody else got is told from what another one wrote in its place.
 *
 * <p>Not safe from several threads.
 */
public final class HubLog {

    /** More changes of owners than this are not remembered: who comes from before them has a gap. */
    private static final int MOST_TERMS = 256;

    private final Map<String, Long> byKey = new HashMap<>();
    private final Map<String, Long> byId = new HashMap<>();
    private final List<Term> terms = new ArrayList<>();
    private Ring entries = new Ring();
    private long first = 1;
    private long bytes;

    /** Of the newest owner that is known: also while the log does not reach to its term. */
    private long newest;

    /** The first parts of a log that is to come in the place of this one: until it is newer this one is what is there. */
    private @Nullable HubLog staged;

    /** A new owner goes on from here. */
    public void begin(long epoch) {
        if (epoch <= epoch()) {
            throw new IllegalArgumentException("the epoch " + epoch + " is not after " + epoch());
        }
        terms.add(new Term(epoch, lastOffset() + 1));
        newest = epoch;
        staged = null;
        forgetTerms();
    }

    /** The newest owner that it knows of; 0 if none. */
    public long epoch() {
        return newest;
    }

    /** What it was on the way to, with an owner that is gone, is nothing to wait for any more: only what it reaches counts. */
    public void settle() {
        staged = null;
        newest = terms.isEmpty() ? 0 : terms.getLast().epoch();
    }

    /** Adds an update of the newest owner. */
    public HubEntry append(Update update, String key, long time, long arrived) {
        HubEntry entry = new HubEntry(new Position(epoch(), lastOffset() + 1), time, key, update);
        add(entry, arrived);
        return entry;
    }

    private void add(HubEntry entry, long arrived) {
        long offset = entry.position().offset();
        if (entries.isEmpty()) {
            first = offset;
        }
        long weight = weight(entry);
        entries.add(entry, arrived, weight);
        bytes += weight;
        if (!entry.key().isEmpty()) {
            byKey.putIfAbsent(entry.key(), offset);
        }
        if (!entry.update().id().isEmpty()) {
            byId.putIfAbsent(entry.update().id(), offset);
        }
    }

    /** How many bytes an entry takes, about; on its way to another node it is less than twice as many. */
    public static long weight(HubEntry entry) {
        return weight(entry.update(), entry.key());
    }

    /** As what is published. */
    public static long weight(Update update, String key) {
        long characters = key.length()
                + update.id().length()
                + update.type().length()
                + (long) update.data().length();
        for (String each : update.keys()) {
            characters += each.length() + 32L;
        }
        return 256 + 2 * characters;
    }

    /** Where it ends: after it comes what is new. */
    public Position last() {
        return before(lastOffset());
    }

    private long lastOffset() {
        return first + entries.size() - 1;
    }

    /** The offset of the first that is kept, or of the next one. */
    public long firstOffset() {
        return first;
    }

    /** How many updates are kept. */
    public int size() {
        return entries.size();
    }

    /** How many bytes they take, about. */
    public long bytes() {
        return bytes;
    }

    /** Whether all that came after it is here. */
    public boolean leadsFrom(Position position) {
        if (position.offset() < first - 1 || position.offset() > lastOffset()) {
            return false;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (terms.get(i).epoch() == position.epoch()) {
                long end = i + 1 < terms.size() ? terms.get(i + 1).first() - 1 : lastOffset();
                return position.offset() >= terms.get(i).first() - 1 && position.offset() <= end;
            }
        }
        return false;
    }

    /** After which offset to go on; empty if that is not possible without a gap. */
    public OptionalLong after(Resume from) {
        return switch (from) {
            case Resume.Now _ -> OptionalLong.of(lastOffset());
            case Resume.Earliest _ -> OptionalLong.of(first - 1);
            case Resume.After after ->
                leadsFrom(after.position()) ? OptionalLong.of(after.position().offset()) : OptionalLong.empty();
            case Resume.AfterId after -> {
                Long offset = byId.get(after.id());
                yield offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
            }
        };
    }

    /** The position of an offset that is kept, or the one before. */
    public Position positionAt(long offset) {
        return offset >= first && offset <= lastOffset() ? get(offset).position() : before(offset);
    }

    private Position before(long offset) {
        for (int i = terms.size() - 1; i >= 0; i--) {
            if (terms.get(i).first() <= offset + 1) {
                return new Position(terms.get(i).epoch(), offset);
            }
        }
        return new Position(0, offset);
    }

    /** What is kept at an offset. */
    public HubEntry get(long offset) {
        return entries.get((int) (offset - first));
    }

    /** What was published under an idempotency key. */
    public Optional<HubEntry> byKey(String key) {
        return Optional.ofNullable(byKey.get(key)).map(this::get);
    }

    /** What has this id. */
    public Optional<HubEntry> byId(String id) {
        Long offset = byId.get(id);
        if (offset != null) {
            return Optional.of(get(offset));
        }
        return Position.parse(id)
                .filter(position -> position.offset() >= first && position.offset() <= lastOffset())
                .map(position -> get(position.offset()))
                .filter(entry -> entry.position().toString().equals(id));
    }

    /** What somebody needs who has the log up to here: at most about so many bytes, but one entry at least. */
    public HubDelta delta(Position from, long most) {
        boolean leads = leadsFrom(from);
        long offset = leads ? from.offset() : first - 1;
        List<HubEntry> some = new ArrayList<>();
        long room = most;
        long at = offset;
        while (at < lastOffset() && (room > 0 || some.isEmpty())) {
            HubEntry entry = get(++at);
            some.add(entry);
            room -= weight(entry);
        }
        return new HubDelta(!leads, terms, offset, some, at < lastOffset());
    }

    /**
     * Takes over what another one has.
     *
     * @return whether it could: not what is of an owner before the newest that is known here, and not what begins elsewhere
     */
    public boolean apply(HubDelta delta, long arrived) {
        boolean follows = delta.isReset() || delta.from() == asksFrom().offset();
        if (!follows || delta.epoch() < epoch()) {
            return false;
        }
        newest = delta.epoch();
        if (delta.isReset() && delta.more()) {
            staged = new HubLog();
        }
        if (staged == null) {
            take(delta, arrived);
            return true;
        }
        staged.take(delta, arrived);
        // If who sends it dies in between, the one of the two is there that has more.
        if (!delta.more() || staged.last().compareTo(last()) > 0) {
            HubDelta whole = staged.delta(Position.NONE, Long.MAX_VALUE);
            staged = null;
            take(whole, arrived);
            newest = delta.epoch();
        }
        return true;
    }

    /** After which position it needs what is new: its end, or that of the log that is to come in its place. */
    public Position asksFrom() {
        return staged == null ? last() : staged.last();
    }

    private void take(HubDelta delta, long arrived) {
        if (delta.isReset()) {
            clear(delta.from() + 1);
        }
        delta.entries().forEach(entry -> add(entry, arrived));
        terms.clear();
        // A log that had terms which it does not reach would pass for more than it is.
        delta.terms().stream().filter(term -> term.first() <= lastOffset() + 1).forEach(terms::add);
        newest = delta.epoch();
    }

    private void clear(long next) {
        entries = new Ring();
        byKey.clear();
        byId.clear();
        bytes = 0;
        first = next;
    }

    /** Forgets the oldest, up to an offset at the most: what is more than so many, and what arrived before. */
    public void trim(int most, long arrivedBefore, long upTo) {
        while (!entries.isEmpty() && first <= upTo && (entries.size() > most || entries.arrived() < arrivedBefore)) {
            forget();
        }
        forgetTerms();
    }

    /** Forgets the oldest, up to an offset at the most, until it takes no more than so many bytes. */
    public void trimTo(long most, long upTo) {
        while (!entries.isEmpty() && first <= upTo && bytes > most) {
            forget();
        }
        forgetTerms();
    }

    private void forget() {
        bytes -= entries.weight();
        HubEntry entry = entries.remove();
        long offset = entry.position().offset();
        first = offset + 1;
        byKey.remove(entry.key(), offset);
        byId.remove(entry.update().id(), offset);
    }

    private void forgetTerms() {
        while (terms.size() > MOST_TERMS || (terms.size() > 1 && terms.get(1).first() < first)) {
            terms.removeFirst();
        }
    }
}
