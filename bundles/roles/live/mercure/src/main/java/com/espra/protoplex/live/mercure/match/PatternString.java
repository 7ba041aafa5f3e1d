package com.espra.protoplex.live.mercure.match;

import com.espra.protoplex.live.mercure.match.PatternToken.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Divides a pattern that is written as a URL into the patterns of its parts (WHATWG URL Pattern, section 1.6).
 *
 * <p>Threads: one.
 */
final class PatternString {

    private enum State {
        INIT,
        PROTOCOL,
        AUTHORITY,
        USERNAME,
        PASSWORD,
        HOSTNAME,
        PORT,
        PATHNAME,
        SEARCH,
        HASH,
        DONE
    }

    private final String input;
    private final List<PatternToken> tokens;
    private final Map<PatternPart, String> parts = new EnumMap<>(PatternPart.class);
    private State state = State.INIT;
    private int begin;
    private int at;
    private int step;
    private int groups;
    private int brackets;
    private boolean special;

    private PatternString(String input) throws MatcherSyntaxException {
        this.input = input;
        tokens = PatternTokens.of(input, true);
    }

    /** The parts that it says something of. */
    static Map<PatternPart, String> divide(String input) throws MatcherSyntaxException {
        PatternString string = new PatternString(input);
        string.run();
        if (string.parts.containsKey(PatternPart.HOSTNAME)) {
            string.parts.putIfAbsent(PatternPart.PORT, "");
        }
        return string.parts;
    }

    private void run() throws MatcherSyntaxException {
        while (at < tokens.size() && state != State.DONE) {
            step = 1;
            Kind kind = tokens.get(at).kind();
            if (kind == Kind.END) {
                end();
            } else if (kind == Kind.OPEN) {
                groups++;
            } else if (groups > 0) {
                groups -= kind == Kind.CLOSE ? 1 : 0;
            } else {
                read();
            }
            at += step;
        }
    }

    private void end() {
        if (state == State.INIT) {
            rewind();
            if (is("#")) {
                change(State.HASH, 1);
            } else if (isSearch()) {
                change(State.SEARCH, 1);
            } else {
                change(State.PATHNAME, 0);
            }
        } else if (state == State.AUTHORITY) {
            rewind();
            state = State.HOSTNAME;
        } else {
            change(State.DONE, 0);
        }
    }

    private void read() throws MatcherSyntaxException {
        switch (state) {
            case INIT -> {
                if (is(":")) {
                    rewind();
                    state = State.PROTOCOL;
                }
            }
            case PROTOCOL -> protocol();
            case AUTHORITY -> {
                if (is("@")) {
                    rewind();
                    state = State.USERNAME;
                } else if (is("/") || isSearch() || is("#")) {
                    rewind();
                    state = State.HOSTNAME;
                }
            }
            case USERNAME -> {
                if (is(":")) {
                    change(State.PASSWORD, 1);
                } else if (is("@")) {
                    change(State.HOSTNAME, 1);
                }
            }
            case PASSWORD -> {
                if (is("@")) {
                    change(State.HOSTNAME, 1);
                }
            }
            case HOSTNAME -> hostname();
            case PORT -> {
                if (is("/")) {
                    change(State.PATHNAME, 0);
                } else {
                    searchOrHash();
                }
            }
            case PATHNAME -> searchOrHash();
            case SEARCH -> {
                if (is("#")) {
                    change(State.HASH, 1);
                }
            }
            case HASH, DONE -> {}
        }
    }

    private void protocol() throws MatcherSyntaxException {
        if (!is(":")) {
            return;
        }
        special = isSpecial(text());
        if (isCharacter(at + 1, "/") && isCharacter(at + 2, "/")) {
            change(State.AUTHORITY, 3);
        } else {
            change(special ? State.AUTHORITY : State.PATHNAME, 1);
        }
    }

    static boolean isSpecial(String protocol) throws MatcherSyntaxException {
        LinearPattern pattern = PatternCompiler.compile(PatternPart.PROTOCOL, protocol, false);
        return StreamSupport.stream(WebUrl.specialProtocols().spliterator(), false)
                .anyMatch(pattern::matches);
    }

    private void hostname() {
        if (is("[")) {
            brackets++;
        } else if (is("]")) {
            brackets--;
        } else if (is(":") && brackets == 0) {
            change(State.PORT, 1);
        } else if (is("/")) {
            change(State.PATHNAME, 0);
        } else {
            searchOrHash();
        }
    }

    private void searchOrHash() {
        if (isSearch()) {
            change(State.SEARCH, 1);
        } else if (is("#")) {
            change(State.HASH, 1);
        }
    }

    private void rewind() {
        at = begin;
        step = 0;
    }

    private void change(State next, int skip) {
        PatternPart part = part(state);
        if (part != null) {
            parts.put(part, text());
        }
        if (state != State.INIT && next != State.DONE) {
            boolean pastHost = next.compareTo(State.PORT) >= 0;
            if (state.compareTo(State.HOSTNAME) < 0 && pastHost) {
                parts.putIfAbsent(PatternPart.HOSTNAME, "");
            }
            if (state.compareTo(State.PATHNAME) < 0 && next.compareTo(State.SEARCH) >= 0) {
                parts.putIfAbsent(PatternPart.PATHNAME, special ? "/" : "");
            }
            if (state.compareTo(State.SEARCH) < 0 && next == State.HASH) {
                parts.putIfAbsent(PatternPart.SEARCH, "");
            }
        }
        state = next;
        at += skip;
        begin = at;
        step = 0;
    }

    private static @Nullable PatternPart part(State state) {
        return switch (state) {
            case INIT, AUTHORITY, DONE -> null;
            default -> PatternPart.valueOf(state.name());
        };
    }

    private String text() {
        return input.substring(
                tokens.get(begin).index(),
                tokens.get(Math.min(at, tokens.size() - 1)).index());
    }

    private boolean is(String character) {
        return isCharacter(at, character);
    }

    private boolean isCharacter(int index, String character) {
        PatternToken token = tokens.get(Math.min(index, tokens.size() - 1));
        boolean plain = token.kind() == Kind.CHARACTER || token.kind() == Kind.ESCAPED || token.kind() == Kind.INVALID;
        return plain && token.value().equals(character);
    }

    /** A question mark begins the search unless it makes what is before it optional. */
    private boolean isSearch() {
        if (is("?")) {
            return true;
        }
        if (!tokens.get(at).value().equals("?")) {
            return false;
        }
        return at == 0
                || switch (tokens.get(at - 1).kind()) {
                    case NAME, REGEXP, CLOSE, ASTERISK -> false;
                    default -> true;
                };
    }
}
