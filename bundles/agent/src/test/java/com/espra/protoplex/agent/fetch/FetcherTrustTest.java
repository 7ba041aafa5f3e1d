package com.espra.protoplex.agent.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.nio.charset.StandardCharsets;
import org.junit.Test;

/** Nothing that the Seed gives is believed. */
public class FetcherTrustTest extends FetchTest {

    @Test
    public void aTamperedFileIsRefusedAndNothingOfItIsKept() throws Exception {
        byte[] tampered = jar.clone();
        tampered[1000] ^= 1;
        seed.give(file(jar), tampered);

        FetchException refused = refused(build);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue("what was damaged at the Seed may be mended there", refused.isUnreached());
        assertTrue(refused.getMessage(), refused.getMessage().contains("changed on its way"));
        assertFalse(store.content().has(Sha256.of(jar)));
        assertEquals(0, store.content().received(Sha256.of(jar)));
        assertTrue(store.get(build.digest()).isEmpty());

        seed.give(file(jar), jar);
        fetch(build);
        assertStored(build);
    }

    @Test
    public void aWrongSignatureIsRefusedBeforeAnyFileIsAskedFor() throws Exception {
        seed.give("/v1/builds/" + build.digest() + "/signature", new byte[SignedBuild.SIGNATURE_BYTES]);

        FetchException refused = refused(build);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue(refused.getMessage(), refused.getMessage().contains("signature"));
        assertTrue(seed.requests.toString(), seed.requests.stream().noneMatch(r -> r.startsWith("/v1/files")));
    }

    @Test
    public void anAuthorWhomNobodyTrustsIsRefused() throws Exception {
        AuthorKey stranger = AuthorKey.create();
        SignedBuild foreign = offer(jar, stranger);

        FetchException refused = refused(foreign);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue(
                refused.getMessage(),
                refused.getMessage().contains(stranger.author().id()));
        assertTrue(refused.getMessage(), refused.getMessage().contains("trust.authors"));
    }

    @Test
    public void anotherManifestThanTheDesiredIsRefused() throws Exception {
        seed.give(
                "/v1/builds/" + build.digest() + "/manifest",
                offer(bundle("other", 10), author).manifest());

        assertEquals(Step.VERIFY, refused(build).step());
    }

    @Test
    public void aBuildOfAnotherUnitIsRefused() throws Exception {
        Fetcher fetcher = fetcher(new SeedAddress(seed.address(), token));

        FetchException refused = assertThrows(
                FetchException.class, () -> fetcher.fetch("shop", ReleaseId.of(build.digest()), events::add));

        assertTrue(refused.getMessage(), refused.getMessage().contains("not of shop"));
    }

    @Test
    public void whatIsNoBundleIsRefusedThoughItIsSigned() throws Exception {
        SignedBuild noBundle = offer("not a jar".getBytes(StandardCharsets.UTF_8), author);

        FetchException refused = refused(noBundle);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue(store.get(noBundle.digest()).isEmpty());
    }
}
