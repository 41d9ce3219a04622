package io.nacre.keystone.saml.consumer;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.auth.TokenView;
import io.nacre.keystone.federation.FederatedLogin;
import io.nacre.keystone.fernet.Sealing;
import io.nacre.keystone.saml.Xml;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Where an enhanced client brings the assertion that an identity provider has made for this cloud: because it was asked to
 * (SAML 2.0 profiles, 4.2), or unasked, as another cloud's {@code /v3/auth/OS-FEDERATION/saml2/ecp} makes them. The answer
 * is the unscoped token itself: keystoneauth takes it as it takes one that it is redirected to.
 */
public final class SamlLoginApi {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String MEDIA = "application/vnd.paos+xml";
    private static final String BEGIN = "/auth";
    private static final String CONSUMER = "/saml2/ecp";

    private final SamlPeers peers;
    private final FederatedLogin login;
    private final TokenView view;
    private final Sealing sealing;
    private final Ids ids;
    private final InstantSource clock;

    public SamlLoginApi(
            SamlPeers peers, FederatedLogin login, TokenView view, Sealing sealing, Ids ids, InstantSource clock) {
        this.peers = peers;
        this.login = login;
        this.view = view;
        this.sealing = sealing;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v3/OS-FEDERATION/identity_providers/{idp_id}/protocols/{protocol_id}" + CONSUMER)
                .open()
                .media(MEDIA, "text/xml")
                .to(this::authenticate));
    }

    /** Answers who asks for a token at the path of its protocol and says that it can ask the identity provider itself. */
    public Response ask(Request request) {
        SamlPeer peer = peer(request);
        if (!isEnhanced(request)) {
            throw Authorizations.denied();
        }
        AskedClient asked = new AskedClient(
                "_" + ids.hex(),
                request.param("idp_id"),
                request.param("protocol_id"),
                clock.instant().plus(PATIENCE).getEpochSecond());
        String path = request.path();
        String consumer = request.baseUrl() + path.substring(0, path.length() - BEGIN.length()) + CONSUMER;
        byte[] envelope = peer.envelope(asked.request(), consumer, asked.sealed(sealing));
        return Response.bytes(200, MEDIA, envelope).header("Cache-Control", "no-store");
    }

    private static boolean isEnhanced(Request request) {
        String accepted = request.header("Accept");
        String services = request.header("PAOS");
        return accepted != null
                && accepted.contains(MEDIA)
                && services != null
                && services.contains(Xml.Vocabulary.PAOS.namespace)
                && services.contains(Xml.Vocabulary.ECP.namespace);
    }

    private Response authenticate(Request request) {
        String providerId = request.param("idp_id");
        String protocolId = request.param("protocol_id");
        login.requireEnabled(providerId, protocolId);
        SamlPeer peer = peer(request);
        SamlDocument.Message message = SamlDocument.message(document(request));
        String asked = AskedClient.opened(sealing, message.relayState(), clock.instant())
                .filter(one -> one.isFor(providerId, protocolId))
                .map(AskedClient::request)
                .orElse(null);
        Login.Issued issued = login.login(
                providerId, protocolId, peer.assertion(message.response(), request.baseUrl() + request.path(), asked));
        return Response.bytes(201, "application/json", view.fresh(issued.authorization()))
                .header("X-Subject-Token", issued.text());
    }

    private SamlPeer peer(Request request) {
        String id = request.param("idp_id");
        return peers.find(id).orElseThrow(() -> FederatedLogin.unknown(id));
    }

    private static byte[] document(Request request) {
        try (InputStream body = request.stream()) {
            byte[] bytes = body.readNBytes(SamlDocument.LARGEST + 1);
            if (bytes.length > SamlDocument.LARGEST) {
                throw Fault.invalid("The assertion is longer than " + SamlDocument.LARGEST + " bytes.");
            }
            return bytes;
        } catch (IOException e) {
            throw Fault.invalid("The assertion was not sent whole.").because(e);
        }
    }
}
