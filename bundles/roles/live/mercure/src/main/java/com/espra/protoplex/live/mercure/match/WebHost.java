package com.espra.protoplex.live.mercure.match;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A host as browsers read it (WHATWG URL, section 3.5). Names that are not ASCII go by IDNA 2003, which is what the JDK has. */
final class WebHost {

    private static final String FORBIDDEN = "\0\t\n\r #/:<>?@[\\]^|";

    private WebHost() {}

    /** The canonical form; empty if it is none. */
    static Optional<String> parse(String host, boolean special) {
        if (host.startsWith("[")) {
            return host.endsWith("]")
                    ? Ipv6Text.canonical(host.substring(1, host.length() - 1)).map(address -> '[' + address + ']')
                    : Optional.empty();
        }
        if (!special) {
            return hasAny(host, FORBIDDEN) ? Optional.empty() : Optional.of(PercentEncoding.CONTROL.encode(host));
        }
        return ascii(PercentEncoding.decode(host)).filter(WebHost::isDomain).flatMap(WebHost::withoutNumbers);
    }

    private static Optional<String> ascii(String domain) {
        if (domain.chars().allMatch(unit -> unit < 0x80)
                && !domain.toLowerCase(Locale.ROOT).contains("xn--")) {
            return Optional.of(domain.toLowerCase(Locale.ROOT));
        }
        try {
            return Optional.of(IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isDomain(String domain) {
        return !domain.isEmpty()
                && !hasAny(domain, FORBIDDEN)
                && domain.chars().allMatch(unit -> unit > 0x20 && unit != '%' && unit < 0x7F);
    }

    private static boolean hasAny(String text, String characters) {
        return text.chars().anyMatch(unit -> characters.indexOf(unit) >= 0);
    }

    private static Optional<String> withoutNumbers(String domain) {
        List<String> labels = new ArrayList<>(List.of(domain.split("\\.", -1)));
        if (labels.getLast().isEmpty() && labels.size() > 1) {
            labels.removeLast();
        }
        String last = labels.getLast();
        boolean numeric = !last.isEmpty() && last.chars().allMatch(unit -> unit >= '0' && unit <= '9');
        return numeric || isHexadecimal(last) ? address(labels) : Optional.of(domain);
    }

    private static boolean isHexadecimal(String label) {
        return label.startsWith("0x") && label.substring(2).chars().allMatch(unit -> Character.digit(unit, 16) >= 0);
    }

    /** An address of IPv4, of which each number may be decimal, octal or hexadecimal, and the last one may fill what is left. */
    private static Optional<String> address(List<String> labels) {
        if (labels.size() > 4) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 0; i < labels.size(); i++) {
            boolean last = i == labels.size() - 1;
            long most = last ? (1L << (8 * (5 - labels.size()))) - 1 : 255;
            long number = number(labels.get(i));
            if (number < 0 || number > most) {
                return Optional.empty();
            }
            address += last ? number : number << (8 * (3 - i));
        }
        return Optional.of(
                (address >> 24) + "." + ((address >> 16) & 255) + "." + ((address >> 8) & 255) + "." + (address & 255));
    }

    private static long number(String label) {
        try {
            if (isHexadecimal(label)) {
                return label.length() == 2 ? 0 : Long.parseLong(label.substring(2), 16);
            }
            return label.length() > 1 && label.startsWith("0")
                    ? Long.parseLong(label, 8)
                    : Long.parseUnsignedLong(label);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
