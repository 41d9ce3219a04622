package io.nacre.bus;

import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes the AMQP client's connections as the settings have them. */
final class RabbitFactory {
    private RabbitFactory() {}

    static ConnectionFactory of(RabbitConfig config) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.useBlockingIo();
        factory.setVirtualHost(config.virtualHost());
        factory.setUsername(config.user());
        factory.setPassword(config.password().value());
        factory.setRequestedHeartbeat(Math.toIntExact(config.heartbeat().toSeconds()));
        int millis = Math.toIntExact(config.connectTimeout().toMillis());
        factory.setConnectionTimeout(millis);
        factory.setHandshakeTimeout(millis);
        factory.setChannelRpcTimeout(millis);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        if (config.tls()) {
            factory.useSslProtocol(tls(config));
            factory.enableHostnameVerification();
        }
        return factory;
    }

    private static SSLContext tls(RabbitConfig config) {
        Path authorities = config.caFile();
        try {
            if (authorities == null) {
                return SSLContext.getDefault();
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            try (InputStream pem = Files.newInputStream(authorities)) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    store.setCertificateEntry("authority" + number++, certificate);
                }
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot be set up with ca_file " + authorities, e);
        }
    }
}
