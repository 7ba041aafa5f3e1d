package com.espra.protoplex.cli.command.operate;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.SeedRestore;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code seed}. */
@Command(
        name = "seed",
        description = {
            "Backs up all that the Seed keeps, while it serves, and restores it.",
            "The file holds the fleet's secrets, and is readable by its owner alone."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex seed backup fleet.zip",
            "  protoplex seed restore fleet.zip      with the Seed's node stopped; then: protoplex up",
            "",
            "Nodes that run newer versions than the backup knows tell the Seed of them when they are back."
        })
public final class SeedCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "backup|restore", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The backup.")
    private String file = "";

    /** @param environment the world around */
    public SeedCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Path path = environment.resolve(file);
        return switch (action) {
            case "backup" -> backup(path);
            case "restore" -> restore(path);
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with the Seed",
                        "say backup or restore: protoplex seed backup FILE");
        };
    }

    /** What is not whole never has the name of the backup. */
    private int backup(Path path) throws IOException {
        if (Files.exists(path)) {
            throw CliException.refused(path + " is there already", "name another file, or move it away");
        }
        SeedClient seed = SeedClient.of(environment, fleet.find(environment));
        Path part = path.resolveSibling(path.getFileName() + ".part");
        Files.deleteIfExists(part);
        PrivateFiles.create(part, "");
        long bytes;
        try {
            try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.WRITE)) {
                bytes = seed.download("/v1/backups", out);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            SeedRestore.check(part);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Disk.move(part, path);
        } finally {
            Files.deleteIfExists(part);
        }
        environment.console().line(path + ": " + Amounts.bytes(bytes) + ". It holds the fleet's secrets: keep it safe");
        return 0;
    }

    private int restore(Path path) throws IOException {
        FleetDir dir = fleet.forUp(environment);
        SeedRestore.Restored restored = SeedRestore.restore(path, dir);
        environment
                .console()
                .line("the Seed of fleet " + restored.fleet() + " is in " + dir.path() + " as it was at "
                        + restored.time() + ", with " + restored.builds()
                        + (restored.builds() == 1 ? " build" : " builds"));
        restored.aside().ifPresent(aside -> environment.console().note("what was there before is in " + aside));
        environment.console().note("tokens that were revoked since are good again: " + dir.command("token list"));
        if (!Files.exists(dir.authorKey())) {
            environment
                    .console()
                    .note("the author's key is not in a backup: put author.key and author.pub into " + dir.keys()
                            + " first, or nodes refuse what is pushed");
        }
        environment.console().note("start it: " + dir.command("up"));
        return 0;
    }
}
