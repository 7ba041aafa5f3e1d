package com.espra.protoplex.cli.text;

import com.espra.protoplex.cli.CliException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A time to come, as people say it. */
public final class TimeOfDay {

    private TimeOfDay() {}

    /**
     * The next time that it is so late.
     *
     * @param text a time of day ({@code 14:00}), a time from now ({@code 20m}), or one in ISO 8601
     * @throws CliException if it is neither
     */
    public static Instant next(String text, ZonedDateTime now) {
        Optional<Duration> after = Amounts.duration(text);
        if (after.isPresent()) {
            return now.plus(after.get()).toInstant().truncatedTo(ChronoUnit.SECONDS);
        }
        try {
            return text.contains("T") ? Instant.parse(text) : today(LocalTime.parse(text), now);
        } catch (DateTimeParseException e) {
            throw CliException.usage(
                    "'" + text + "' is no time", "say 14:00, or 20m from now, or 2026-01-31T14:00:00Z");
        }
    }

    private static Instant today(LocalTime time, ZonedDateTime now) {
        ZonedDateTime today = now.with(time);
        return (today.isAfter(now) ? today : now.plusDays(1).with(time)).toInstant();
    }
}
