package com.espra.protoplex.live.mercure.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses of IPv6 as text (RFC 4291, section 2.2), written in one way (RFC 5952). */
final class Ipv6Text {

    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern DOTTED =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    private Ipv6Text() {}

    static Optional<String> canonical(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        Optional<List<Integer>> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        Optional<List<Integer>> tail = gap < 0 ? Optional.of(List.of()) : groups(text.substring(gap + 2), true);
        if (head.isEmpty() || tail.isEmpty()) {
            return Optional.empty();
        }
        int missing = 8 - head.get().size() - tail.get().size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            return Optional.empty();
        }
        List<Integer> all = new ArrayList<>(head.get());
        for (int i = 0; i < missing; i++) {
            all.add(0);
        }
        all.addAll(tail.get());
        return Optional.of(write(all));
    }

    private static Optional<List<Integer>> groups(String text, boolean last) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return Optional.of(groups);
        }
        String[] written = text.split(":", -1);
        for (int i = 0; i < written.length; i++) {
            if (GROUP.matcher(written[i]).matches()) {
                groups.add(Integer.valueOf(written[i], 16));
            } else if (!last || i != written.length - 1 || !addDotted(written[i], groups)) {
                return Optional.empty();
            }
        }
        return Optional.of(groups);
    }

    private static boolean addDotted(String text, List<Integer> groups) {
        java.util.regex.Matcher dotted = DOTTED.matcher(text);
        if (!dotted.matches()) {
            return false;
        }
        int[] octets = new int[4];
        for (int i = 0; i < 4; i++) {
            octets[i] = Integer.parseInt(dotted.group(i + 1));
            if (octets[i] > 255) {
                return false;
            }
        }
        groups.add((octets[0] << 8) | octets[1]);
        groups.add((octets[2] << 8) | octets[3]);
        return true;
    }

    private static String write(List<Integer> groups) {
        int from = -1;
        int length = 1;
        for (int i = 0; i < groups.size(); i++) {
            int end = i;
            while (end < groups.size() && groups.get(end) == 0) {
                end++;
            }
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.size(); i++) {
            if (i == from) {
                text.append("::");
                i += length - 1;
            } else {
                boolean separated = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(separated ? "" : ":").append(Integer.toHexString(groups.get(i)));
            }
        }
        return text.toString();
    }
}
