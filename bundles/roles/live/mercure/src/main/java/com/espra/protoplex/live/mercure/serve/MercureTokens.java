package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.core.ClientToken;
import com.espra.protoplex.live.core.ClientTokens;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The tokens of subscribers, for the clients of other protocols: one key, and one name of each user, for all of Live. */
@Component
public final class MercureTokens implements ClientTokens {

    private final MercureService service;

    /** Goes by the keys of the hub. */
    @Activate
    public MercureTokens(@Reference MercureService service) {
        this.service = service;
    }

    @Override
    public Optional<ClientToken> verify(String token) {
        return service.mercure()
                .verified(token)
                .filter(known -> known.user().length() <= ClientToken.LONGEST_USER)
                .map(known -> new ClientToken(known.user(), known.expires()));
    }
}
