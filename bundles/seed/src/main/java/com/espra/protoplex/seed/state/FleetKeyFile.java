package com.espra.protoplex.seed.state;

import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.fleet.build.BuildException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The key of the fleet in a file: one line, the fleet's id and the secret in hexadecimal digits. It lies with the tokens, not with the state. */
public final class FleetKeyFile {

    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{16}) ([0-9a-f]{64})\\s*");

    private static final String MADE_ANEW =
            ", and is made anew: what nodes accepted before proves nothing to this Seed";

    private FleetKeyFile() {}

    /**
     * Reads the key, and makes it when it is missing (mode 0600).
     *
     * @param known the id of the fleet in the Seed's state; empty when it has none
     * @param warnings gets what an operator should know of it
     * @throws IOException if the file cannot be read or made, or others may read it
     * @throws BuildException if it is not the key of this fleet
     */
    public static FleetKey of(Path file, String known, Consumer<String> warnings) throws IOException, BuildException {
        if (!Files.exists(file)) {
            if (!known.isEmpty()) {
                warnings.accept(file.getFileName() + " was missing" + MADE_ANEW);
            }
            make(file, known);
        }
        PrivateFiles.requirePrivate(file);
        Matcher line = LINE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!line.matches()) {
            if (known.isEmpty()) {
                throw new BuildException(
                        file + " holds no key of a fleet, and the Seed's state does not know which fleet it is",
                        "restore it from a backup; if there is none, delete it, and data/agent of every node");
            }
            warnings.accept(
                    file.getFileName() + " was damaged (it is kept as " + SetAside.move(file) + ")" + MADE_ANEW);
            make(file, known);
            return of(file, known, warnings);
        }
        String id = line.group(1);
        if (!known.isEmpty() && !known.equals(id)) {
            throw new BuildException(
                    file + " is the key of fleet " + id + ", and the Seed's state is of fleet " + known,
                    "put back the file that belongs to the state; if it is lost, delete this one, and a new one is made");
        }
        return new FleetKey(id, HexFormat.of().parseHex(line.group(2)));
    }

    private static void make(Path file, String known) throws IOException {
        String id = known.isEmpty() ? Secret.hex(ID_BYTES) : known;
        PrivateFiles.create(file, id + " " + Secret.hex(SECRET_BYTES) + "\n");
    }
}
