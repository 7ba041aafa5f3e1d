package com.espra.protoplex.datastore.server.command;

import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.PartitionId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as people write them: {@code Kind:name}, {@code Kind:17}, {@code Parent:1/Child:'17'}, with quotation marks where a name is needed. */
final class KeyText {

    private static final Pattern ELEMENT = Pattern.compile("([^:/']+):(?:(-?[0-9]{1,19})|'([^']*)'|([^/']+))(/|$)");

    private KeyText() {}

    /** @throws IllegalArgumentException if it is none */
    static Key read(PartitionId partition, String text) {
        Key.Builder key = Key.newBuilder().setPartitionId(partition);
        Matcher element = ELEMENT.matcher(text);
        int at = 0;
        while (at < text.length() && element.find(at) && element.start() == at) {
            PathElement.Builder one = key.addPathBuilder().setKind(element.group(1));
            if (element.group(2) != null) {
                one.setId(Long.parseLong(element.group(2)));
            } else {
                one.setName(element.group(3) != null ? element.group(3) : element.group(4));
            }
            at = element.end();
        }
        if (at < text.length() || key.getPathCount() == 0 || text.endsWith("/")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no key: write Kind:name or Kind:17, ancestors before it with /, as in A:1/B:x");
        }
        return key.build();
    }

    static String write(Key key) {
        StringBuilder text = new StringBuilder();
        for (PathElement each : key.getPathList()) {
            text.append(text.isEmpty() ? "" : "/").append(each.getKind()).append(':');
            if (each.getIdTypeCase() == PathElement.IdTypeCase.NAME) {
                boolean number = each.getName().matches("-?[0-9]+");
                text.append(number ? "'" + each.getName() + "'" : each.getName());
            } else {
                text.append(each.getId());
            }
        }
        return text.toString();
    }
}
