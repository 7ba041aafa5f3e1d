package com.espra.protoplex.live.mercure.request;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.mercure.match.MatcherSyntaxException;
import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.match.TopicSpace;
import com.espra.protoplex.live.mercure.match.VisibleLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a publisher sends.
 *
 * @param topics one; before 1.0 the canonical one and others that it is known by
 */
public record PublishRequest(List<Topic> topics, Update update) {

    private static final int LONGEST_DIGITS = 9;

    /** The names of the fields of an event, and the time. */
    private static final int NAMES_BYTES = 64;

    /**
     * Reads a form.
     *
     * @param legacy whether it may be about several topics
     * @throws MercureRefusal if a field is missing, or is none
     */
    public static PublishRequest of(TopicSpace space, FormFields form, boolean legacy) throws MercureRefusal {
        List<Topic> topics = topics(space, form.values("topic"), legacy);
        String data = form.first("data").orElse("");
        String id = form.first("id").orElse("");
        if (id.startsWith("#") || id.equals(SubscribeRequest.EARLIEST)) {
            throw MercureRefusal.bad(
                    "an id that begins with '#' is the hub's own, and so is '" + SubscribeRequest.EARLIEST + "'");
        }
        String type = line("type", form.first("type").orElse(""));
        if (bytes(data) > Update.MOST_DATA
                || streamed(data) + bytes(id) + bytes(type) + NAMES_BYTES > Channel.MESSAGE_BYTES) {
            throw MercureRefusal.of(413, "data has more than " + Update.MOST_DATA + " bytes, or too many lines");
        }
        Update update = new Update(
                id.isEmpty() ? "urn:uuid:" + UUID.randomUUID() : line("id", id),
                topics.stream().map(Topic::name).toList(),
                type,
                data,
                form.has("private"),
                retry(form));
        return new PublishRequest(topics, update);
    }

    private static List<Topic> topics(TopicSpace space, List<String> names, boolean legacy) throws MercureRefusal {
        if (names.isEmpty() || names.size() > (legacy ? Update.MOST_KEYS : 1)) {
            throw MercureRefusal.bad(
                    legacy ? "an update has 1 to " + Update.MOST_KEYS + " topics" : "an update has exactly one topic");
        }
        List<Topic> topics = new ArrayList<>();
        for (String name : names) {
            if (name.length() > Update.LONGEST_KEY) {
                throw MercureRefusal.of(413, "a topic has at most " + Update.LONGEST_KEY + " characters");
            }
            try {
                topics.add(space.topic(name));
            } catch (MatcherSyntaxException e) {
                throw MercureRefusal.bad(String.valueOf(e.getMessage()));
            }
        }
        return topics;
    }

    /** How many bytes they take in a stream, where each line has a name. */
    private static long streamed(String data) {
        long lines = data.chars().filter(unit -> unit == '\n' || unit == '\r').count() + 1;
        return bytes(data) + 7 * lines;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String line(String name, String value) throws MercureRefusal {
        if (value.length() > Update.LONGEST_KEY) {
            throw MercureRefusal.of(413, name + " has at most " + Update.LONGEST_KEY + " characters");
        }
        if (!VisibleLine.is(value)) {
            throw MercureRefusal.bad(name + " has control or format characters");
        }
        return value;
    }

    private static long retry(FormFields form) throws MercureRefusal {
        if (!form.has("retry")) {
            return 0;
        }
        String digits = form.first("retry").orElse("");
        if (digits.isEmpty() || !digits.chars().allMatch(unit -> unit >= '0' && unit <= '9')) {
            throw MercureRefusal.bad("retry is no number of milliseconds");
        }
        String number = digits.replaceFirst("^0+(?=.)", "");
        if (number.length() > LONGEST_DIGITS) {
            throw MercureRefusal.bad("retry is more than eleven days");
        }
        return Long.parseLong(number);
    }
}
