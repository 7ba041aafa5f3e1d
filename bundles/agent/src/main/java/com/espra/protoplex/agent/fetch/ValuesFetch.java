package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.config.UnitSeal;
import com.espra.protoplex.fleet.config.UnitValues;
import com.espra.protoplex.fleet.store.ValuesStore;
import java.io.IOException;
import java.util.Optional;

/** Brings what a unit is configured with from the Seed, and the key of its secrets if it has any. */
final class ValuesFetch {

    private final FileFetch files;
    private final ValuesStore store;
    private final UnitKeyFiles keys;

    ValuesFetch(FileFetch files, ValuesStore store, UnitKeyFiles keys) {
        this.files = files;
        this.store = store;
        this.keys = keys;
    }

    /** Does nothing if they are here. */
    void fetch(String unit, String digest) throws FetchException, InterruptedException {
        try {
            Optional<UnitValues> here = store.get(digest);
            UnitValues values = here.isPresent() ? here.get() : download(digest);
            if (!values.unit().equals(unit)) {
                throw new BuildException(
                        "the values " + digest + " are those of " + values.unit() + ", not of " + unit,
                        "set them again: ./protoplex config set");
            }
            if (!values.secrets().isEmpty() && !opens(unit, values)) {
                keys.put(unit, key(unit));
            }
        } catch (BuildException e) {
            throw FetchException.damaged(e.getMessage() + "; " + e.remedy(), e);
        } catch (IOException e) {
            throw FetchException.refused(Step.FETCH, "the configuration cannot be stored: " + e.getMessage(), e);
        }
    }

    private UnitValues download(String digest)
            throws FetchException, BuildException, IOException, InterruptedException {
        byte[] document = files.small("/v1/values/" + digest, UnitValues.MAX_BYTES);
        if (!UnitValues.digest(document).equals(digest)) {
            throw new BuildException(
                    "what the Seed sent as the values " + digest + " are other ones",
                    "set them again; if that does not help, somebody changes them on their way");
        }
        UnitValues values = UnitValues.read(document);
        store.put(document);
        return values;
    }

    private boolean opens(String unit, UnitValues values) throws IOException {
        Optional<UnitSeal> seal = keys.seal(unit);
        return seal.isPresent()
                && values.secrets().values().stream()
                        .flatMap(secrets -> secrets.values().stream())
                        .allMatch(seal.get()::isOf);
    }

    private byte[] key(String unit) throws FetchException, BuildException, InterruptedException {
        byte[] key = files.small("/v1/apps/" + unit + "/key", UnitSeal.KEY_BYTES);
        if (key.length != UnitSeal.KEY_BYTES) {
            throw new BuildException("what the Seed sent as the key of " + unit + " is none", "upgrade the Seed");
        }
        return key;
    }
}
