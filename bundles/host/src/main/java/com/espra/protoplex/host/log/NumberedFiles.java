package com.espra.protoplex.host.log;

import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.RolloverFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The log before is NAME.1, the one before that NAME.2, and so on. Logback has a policy that does so, and takes the whole path for a
 * pattern: with a {@code %} in the name of a folder it fails, or writes into another one.
 */
final class NumberedFiles extends RollingPolicyBase {

    private final Path file;
    private final int most;

    /**
     * @param file that is written to
     * @param most how many are kept besides
     */
    NumberedFiles(Path file, int most) {
        this.file = file;
        this.most = most;
    }

    @Override
    public void rollover() throws RolloverFailure {
        try {
            for (int number = most - 1; number >= 0; number--) {
                if (Files.exists(numbered(number))) {
                    Files.move(numbered(number), numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new RolloverFailure(file + " cannot be set aside", e);
        }
    }

    private Path numbered(int number) {
        return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public String getActiveFileName() {
        return file.toString();
    }
}
