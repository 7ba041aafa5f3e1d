package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code secret}. */
@Command(
        name = "secret",
        description = {
            "Gives an app or a role a secret, as a swap of the same build on all nodes.",
            "It is read from standard input, kept sealed, given to that unit alone, and never shown again."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex secret set hello token               asks for it, if a terminal is there",
            "  protoplex secret set hello token < token.txt   a line end at its end does not count",
            "  protoplex secret list hello                    which keys can have one, and which have",
            "  protoplex secret unset hello token"
        })
public final class SecretCommand implements Callable<Integer> {

    private static final int MAX_BYTES = 64 * 1024;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "set|unset|list", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "UNIT", description = "The app or role.")
    private String unit = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The key. Its value is never given here, where others could see it.")
    private @Nullable String key;

    @Mixin
    private WaveOptions waves = new WaveOptions();

    /** @param environment the world around */
    public SecretCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String name = AppName.checked(unit);
        ObjectNode change = JsonTree.object();
        switch (action) {
            case "list" -> {
                return list(SeedClient.of(environment, fleet.find(environment)), name);
            }
            case "set" -> change.putObject("secrets").put(key(name), read());
            case "unset" -> change.putArray("unset").add(key(name));
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with a secret",
                        "say set, unset or list: protoplex secret list " + name);
        }
        return ConfigChange.make(
                environment.console(), SeedClient.of(environment, fleet.find(environment)), name, change, waves);
    }

    private String key(String name) {
        if (key == null) {
            throw CliException.usage(
                    "no key is named", "protoplex secret list " + name + " shows those that there are");
        }
        if (key.contains("=")) {
            throw CliException.usage(
                    "a secret does not belong into a command, where others see it",
                    "use another one now, and give it on standard input: protoplex secret set " + name + " "
                            + key.substring(0, key.indexOf('=')));
        }
        return key;
    }

    private static String read() throws IOException {
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (terminal.isPresent()) {
            char[] typed = terminal.get().readPassword("Secret (it is not shown): ");
            return required(typed == null ? "" : new String(typed));
        }
        byte[] bytes = System.in.readNBytes(MAX_BYTES + 2);
        if (bytes.length > MAX_BYTES + 1) {
            throw CliException.usage(
                    "the secret has more than " + MAX_BYTES + " bytes",
                    "let the unit read what is large from elsewhere, with a secret that is small");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return required(text.replaceFirst("\\r?\\n\\z", ""));
        } catch (CharacterCodingException e) {
            throw CliException.usage(
                    "the secret is no text in UTF-8", "write it in base64, and let the unit decode it");
        }
    }

    private static String required(String secret) {
        if (secret.isEmpty()) {
            throw CliException.usage(
                    "nothing came on standard input", "give it there: protoplex secret set UNIT NAME < FILE");
        }
        return secret;
    }

    private int list(SeedClient seed, String name) {
        TextTable table = new TextTable("KEY", "SECRET");
        for (JsonNode each : seed.get("/v1/apps/" + name + "/config").path("keys")) {
            if (each.path("secret").asBoolean()) {
                table.row(
                        each.path("key").asText(),
                        each.path("origin").asText().equals("seed")
                                ? each.path("value").asText()
                                : "-");
            }
        }
        table.print(environment.console());
        return 0;
    }
}
