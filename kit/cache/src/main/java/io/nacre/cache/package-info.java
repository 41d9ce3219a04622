/**
 * What may be forgotten at any time. Users see a {@link io.nacre.cache.Region}, a namespace with values that expire;
 * below it stands a {@link io.nacre.cache.Cache}: memory alone for one controller, memory over Memcached for several.
 *
 * <p>A cache that is down makes things slower and never fails: each question to Memcached is short, and after a few
 * that went wrong a server is left alone for some seconds, which is logged once.
 *
 * <p>What is read may be old: another controller's memory keeps a value for {@code local_ttl} after it was
 * invalidated here, and whoever loads a value while another changes it may store the one from before. So nothing
 * here decides about security by itself: put a generation into the key or value that the database can confirm.
 *
 * <p>Keys are hashed, for they may be tokens. Memcached knows no accounts, so values are encrypted and signed there, as
 * keystonemiddleware does it (memcache_security_strategy), and are never read as Java objects.
 */
@NullMarked
package io.nacre.cache;

import org.jspecify.annotations.NullMarked;
