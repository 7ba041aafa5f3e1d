package com.espra.protoplex.gogo;

import com.espra.protoplex.fleet.client.PlainText;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Prints records: several of a kind as a table with aligned columns, one as a list of names and values, and either in one line. */
@Component(service = Converter.class, property = Converter.CONVERTER_CLASSES + "=java.lang.Record")
public final class RecordFormat implements Converter {

    private static final String GAP = "  ";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Override
    public @Nullable Object convert(Class<?> type, Object from) {
        return null;
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        if (target instanceof Record one) {
            return level == INSPECT ? fields(one) : line(one);
        }
        if (level == INSPECT && target instanceof Collection<?> many && isTable(many)) {
            return table(many);
        }
        return null;
    }

    private static boolean isTable(Collection<?> many) {
        return !many.isEmpty()
                && many.stream().allMatch(Record.class::isInstance)
                && many.stream().map(Object::getClass).distinct().count() == 1;
    }

    private static String table(Collection<?> records) {
        List<Record> rows = records.stream().map(Record.class::cast).toList();
        RecordComponent[] columns = rows.getFirst().getClass().getRecordComponents();
        List<List<String>> cells = new ArrayList<>();
        cells.add(Arrays.stream(columns).map(RecordFormat::title).toList());
        rows.forEach(row -> cells.add(
                Arrays.stream(columns).map(column -> text(value(row, column))).toList()));
        boolean[] numbers = new boolean[columns.length];
        int[] widths = new int[columns.length];
        for (int i = 0; i < columns.length; i++) {
            int column = i;
            numbers[i] = columns[i].getType().isPrimitive() && columns[i].getType() != boolean.class;
            widths[i] = cells.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
        }
        return cells.stream().map(row -> line(row, widths, numbers)).collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths, boolean[] numbers) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP).append(numbers[i] ? pad + row.get(i) : row.get(i) + pad);
        }
        return line.toString().stripTrailing();
    }

    private String fields(Record one) {
        RecordComponent[] components = one.getClass().getRecordComponents();
        int width =
                Arrays.stream(components).mapToInt(c -> title(c).length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (RecordComponent component : components) {
            Object value = value(one, component);
            if (value instanceof Collection<?> many && isTable(many)) {
                text.append('\n').append(table(many)).append('\n');
            } else {
                String title = title(component);
                text.append((title + " ".repeat(width - title.length()) + GAP + text(value)).stripTrailing())
                        .append('\n');
            }
        }
        return text.toString().stripTrailing();
    }

    private static String line(Record one) {
        return Arrays.stream(one.getClass().getRecordComponents())
                .map(component -> text(value(one, component)))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
    }

    /** {@code inFlight} becomes {@code IN FLIGHT}, and {@code usedKiB} {@code USED KIB}. */
    private static String title(RecordComponent component) {
        return component.getName().replaceAll("([a-z])([A-Z])(?!$)", "$1 $2").toUpperCase(Locale.ROOT);
    }

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Instant time -> TIME.format(time);
            case Duration duration -> duration(duration);
            case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
            case Collection<?> many -> many.stream().map(RecordFormat::text).collect(Collectors.joining(", "));
            case Record one -> line(one);
            default -> PlainText.line(value.toString());
        };
    }

    private static String duration(Duration duration) {
        if (duration.isZero()) {
            return "";
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
        }
        return (duration.toDays() > 0 ? duration.toDays() + "d " : "")
                + (duration.toHours() > 0 ? duration.toHoursPart() + "h " : "")
                + duration.toMinutesPart() + "m " + duration.toSecondsPart() + "s";
    }

    private static @Nullable Object value(Record one, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(one);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component + " of " + one.getClass(), e);
        }
    }
}
