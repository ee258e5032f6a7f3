//! What people send in.

use artifacts::Stored;
use artifacts::attachments::{self, Attach};
use artifacts::objects::{self, Object, ObjectError, Purpose, Record};
use kernel::{Digest, Tenant, TenantId};
use sea_orm::prelude::Uuid;
use test_support::{TestDb, frozen_clock, on_both_databases};

const OTHER: Tenant = Tenant::verified(TenantId(Uuid::from_u128(2)));

fn attach(content: &str, quota_bytes: u64) -> Attach<'_> {
    let stored = Stored { digest: Digest::of(content), size_bytes: content.len() as u64 };
    Attach { stored, media_type: "text/plain", name: "a file", quota_bytes }
}

async fn keep(db: &TestDb, tenant: Tenant, attach: Attach<'_>) -> Result<Object, ObjectError> {
    let clock = frozen_clock();
    db.db.write.write("test", async |tx| attachments::attach_in(tx, &*clock, tenant, attach).await).await
}

on_both_databases! {
    async fn an_attachment_is_found_by_its_id_and_only_by_its_tenant(db: TestDb) {
        let kept = keep(&db, Tenant::LOCAL, attach("one", 100)).await.unwrap();
        keep(&db, Tenant::LOCAL, attach("two", 100)).await.unwrap();
        let id = attachments::id_of(&kept.digest);
        let read = &db.db.read;
        assert_eq!(attachments::find(read, Tenant::LOCAL, id).await.unwrap(), Some(kept.clone()));
        assert_eq!(attachments::find(read, OTHER, id).await.unwrap(), None);
        // One bit away, or of another version.
        for bit in [0, 47, 127] {
            let near = Uuid::from_u128(id.as_u128() ^ (1 << (127 - bit)));
            assert_eq!(attachments::find(read, Tenant::LOCAL, near).await.unwrap(), None, "{near}");
        }
        let version = Uuid::from_u128(id.as_u128() ^ (1 << 76));
        assert_eq!(attachments::find(read, Tenant::LOCAL, version).await.unwrap(), None);
        // What is kept for something else is no attachment.
        let stored = Stored { digest: Digest::of("data"), size_bytes: 4 };
        let record = Record { stored, purpose: Purpose::Dataset, media_type: "text/csv", name: "data" };
        let clock = frozen_clock();
        let write = &db.db.write;
        write.write("test", async |tx| objects::record_in(tx, &*clock, Tenant::LOCAL, record).await).await.unwrap();
        let id = attachments::id_of(&stored.digest);
        assert_eq!(attachments::find(read, Tenant::LOCAL, id).await.unwrap(), None);
    }

    async fn a_tenant_keeps_as_many_bytes_as_it_may(db: TestDb) {
        keep(&db, Tenant::LOCAL, attach("12345", 8)).await.unwrap();
        let refused = keep(&db, Tenant::LOCAL, attach("6789", 8)).await.unwrap_err();
        assert!(
            matches!(refused, ObjectError::NoRoom { used_bytes: 5, quota_bytes: 8, size_bytes: 4 }),
            "{refused:?}"
        );
        // What fits, what is there already, and what is another's.
        keep(&db, Tenant::LOCAL, attach("678", 8)).await.unwrap();
        keep(&db, Tenant::LOCAL, attach("12345", 8)).await.unwrap();
        keep(&db, OTHER, attach("6789", 8)).await.unwrap();
        assert_eq!(attachments::bytes(&db.db.read, Tenant::LOCAL).await.unwrap(), 8);
        assert_eq!(attachments::bytes(&db.db.read, OTHER).await.unwrap(), 4);
    }
}
