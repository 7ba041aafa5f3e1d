package com.espra.protoplex.cli.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Bytes and times for people. */
public final class Amounts {

    private static final int KILO = 1000;
    private static final Pattern DURATION = Pattern.compile("[1-9][0-9]{0,5}[smhd]");

    private Amounts() {}

    /** Such as {@code 12.3 kB}. */
    public static String bytes(long bytes) {
        if (bytes < KILO) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = 0;
        while (value >= KILO && unit < 4) {
            value /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, " kMGT".charAt(unit));
    }

    /** Such as {@code 7.4 ms}. */
    public static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }

    /** The time that is written like {@code 30s}, {@code 5m}, {@code 12h} or {@code 90d}; empty for anything else. */
    public static Optional<Duration> duration(String text) {
        if (!DURATION.matcher(text).matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(text.substring(0, text.length() - 1));
        return Optional.of(
                switch (text.charAt(text.length() - 1)) {
                    case 's' -> Duration.ofSeconds(number);
                    case 'm' -> Duration.ofMinutes(number);
                    case 'h' -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    /** How long ago: {@code 5 s}, {@code 3 min}, {@code 2 h}, {@code 4 d}. Empty for what is no time. */
    public static String ago(String time, Instant now) {
        Duration age;
        try {
            age = Duration.between(Instant.parse(time), now);
        } catch (DateTimeException e) {
            return "";
        }
        if (age.toMinutes() < 1) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min";
        }
        return age.toDays() < 1 ? age.toHours() + " h" : age.toDays() + " d";
    }
}
